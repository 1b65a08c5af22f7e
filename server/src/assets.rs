//! Which files does the binary carry, and how do they travel?
//!
//! Style sheet, fonts, icons and islands are inside the binary, already compressed, under names that contain a hash of
//! their content. A browser may therefore keep each for ever, and a new build is never mixed with an old one.
//! `build.rs` makes them.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{StatusCode, Uri};

use generated::{ASSETS, NAMES, VERIFIER};

/// Serves a file of the binary. Mount it with `GET` on `/assets/{file}`; any other name is 404.
///
/// These files are the same for everybody and need no session.
pub async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    match get(uri.path()) {
        Some(asset) => response(asset, Encoding::accepted(&headers)),
        None => {
            let mut missing = Response::new(Body::from("There is no such file."));
            *missing.status_mut() = StatusCode::NOT_FOUND;
            missing.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
            missing
        }
    }
}

/// The paths that pages refer to.
pub fn names() -> &'static Names {
    &NAMES
}

/// The page with which anybody verifies a pack in a browser, as it lies in every pack. Absent when it was not built.
pub fn verifier() -> Option<&'static [u8]> {
    VERIFIER
}

/// The file at this path, if the binary has it. The path starts with `/assets/`.
pub fn get(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|index| &ASSETS[index])
}

/// One file of the binary.
#[derive(Debug)]
pub struct Asset {
    /// Where it is served, with the hash in the name.
    pub path: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The file as it is.
    pub identity: &'static [u8],
    /// Compressed with brotli, if that makes it smaller.
    pub br: Option<&'static [u8]>,
    /// Compressed with gzip, if that makes it smaller.
    pub gz: Option<&'static [u8]>,
}

/// The paths of the files that a page needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// All style sheets in one.
    pub css: &'static str,
    /// The script that starts the islands. It is handed the path of `wasm`. Absent when the islands were not built.
    pub js: Option<&'static str>,
    /// The islands. Present exactly when `js` is.
    pub wasm: Option<&'static str>,
    /// The sprite; one icon is `{icons}#{name}`.
    pub icons: &'static str,
    /// The icon of the site.
    pub favicon: &'static str,
    /// The font that every page shows, worth a preload.
    pub font_latin: &'static str,
}

/// In which form a file travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    /// Brotli or gzip, as the file is there.
    Both,
    Identity,
}

impl Encoding {
    /// What the client takes, of what we have (RFC 9110, 12.5.3). A coding with quality 0 is refused; we ignore the order
    /// of the other qualities, since brotli is smaller than gzip for every file.
    fn accepted(headers: &HeaderMap) -> Self {
        let (mut brotli, mut gzip, mut any) = (None, None, None);
        let values = headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
        for item in values.flat_map(|value| value.split(',')) {
            let mut parts = item.split(';').map(str::trim);
            let coding = parts.next().unwrap_or_default().to_ascii_lowercase();
            let taken = !parts.any(|parameter| {
                let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
                weight.is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight == 0.0))
            });
            match coding.as_str() {
                "br" => brotli = Some(taken),
                "gzip" | "x-gzip" => gzip = Some(taken),
                "*" => any = Some(taken),
                _ => {}
            }
        }
        let any = any.unwrap_or(false);
        match (brotli.unwrap_or(any), gzip.unwrap_or(any)) {
            (true, true) => Self::Both,
            (true, false) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Identity,
        }
    }
}

fn response(asset: &'static Asset, accepted: Encoding) -> Response {
    let brotli = asset.br.filter(|_| matches!(accepted, Encoding::Brotli | Encoding::Both)).map(|bytes| (bytes, "br"));
    let gzip = asset.gz.filter(|_| matches!(accepted, Encoding::Gzip | Encoding::Both)).map(|bytes| (bytes, "gzip"));
    let compressed = brotli.or(gzip);
    let bytes = compressed.map_or(asset.identity, |(bytes, _)| bytes);

    let mut response = Response::new(Body::from(Bytes::from_static(bytes)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some((_, coding)) = compressed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

/// What `build.rs` wrote.
mod generated {
    use super::{Asset, Names};
    include!(concat!(env!("OUT_DIR"), "/assets_generated.rs"));
}

#[cfg(test)]
mod contrast;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use http_body_util::BodyExt as _;
    use sha2::{Digest as _, Sha256};

    async fn fetch(path: &str, accept_encoding: Option<&str>) -> (StatusCode, HeaderMap, Bytes) {
        let mut headers = HeaderMap::new();
        if let Some(value) = accept_encoding {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap());
        }
        let (parts, body) = serve(path.parse().unwrap(), headers).await.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
    }

    #[test]
    fn every_name_carries_the_hash_of_its_content() {
        for asset in ASSETS {
            let hash = hex::encode(Sha256::digest(asset.identity));
            let written = asset.path.rsplit('.').nth(1).unwrap();
            assert_eq!(written, &hash[..16], "{}", asset.path);
        }
    }

    #[test]
    fn every_name_that_pages_use_is_served() {
        let Names { css, js, wasm, icons, favicon, font_latin } = *names();
        for path in [css, icons, favicon, font_latin].into_iter().chain(js).chain(wasm) {
            assert!(get(path).is_some(), "{path}");
        }
        assert_eq!(js.is_some(), wasm.is_some(), "a script without its module, or a module without its script");
    }

    #[test]
    fn the_style_sheet_refers_to_fonts_that_are_served() {
        let css = std::str::from_utf8(get(names().css).unwrap().identity).unwrap();
        let fonts: Vec<_> = css.split("url(\"/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(fonts.len(), 4, "{fonts:?}");
        for font in fonts {
            assert_eq!(get(&format!("/{font}")).unwrap().content_type, "font/woff2");
        }
    }

    #[test]
    fn the_style_sheet_loads_nothing_from_elsewhere() {
        let css = std::str::from_utf8(get(names().css).unwrap().identity).unwrap();
        for part in css.split("url(").skip(1) {
            assert!(part.starts_with("\"/assets/") || part.starts_with("\"data:image/svg+xml,"), "url({:.60}", part);
        }
        assert!(!css.contains("@import"));
    }

    #[tokio::test]
    async fn a_file_may_be_kept_for_ever_and_is_not_guessed_at() {
        let (status, headers, body) = fetch(names().css, None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers[CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(headers[CONTENT_TYPE], "text/css; charset=utf-8");
        assert_eq!(headers[VARY], "Accept-Encoding");
        assert!(!headers.contains_key(CONTENT_ENCODING));
        assert_eq!(body, get(names().css).unwrap().identity);
    }

    #[tokio::test]
    async fn the_client_decides_how_a_file_is_compressed() {
        let cases = [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("br;q=0.000, *", Some("gzip")),
            ("*", Some("br")),
            ("*;q=0", None),
            ("BR", Some("br")),
            ("identity", None),
            ("deflate", None),
            ("", None),
        ];
        for (accepted, expected) in cases {
            let (_, headers, _) = fetch(names().css, Some(accepted)).await;
            let coding = headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!(coding, expected, "Accept-Encoding: {accepted}");
        }
    }

    #[tokio::test]
    async fn a_font_is_not_compressed_a_second_time() {
        let (_, headers, body) = fetch(names().font_latin, Some("br, gzip")).await;
        assert!(!headers.contains_key(CONTENT_ENCODING));
        assert_eq!(&body[..4], b"wOF2");
    }

    #[tokio::test]
    async fn a_name_with_another_hash_is_not_found() {
        for path in ["/assets/app.0000000000000000.css", "/assets/", "/assets/../Cargo.toml", "/assets/app.css"] {
            assert_eq!(fetch(path, None).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
