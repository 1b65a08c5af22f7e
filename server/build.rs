//! Turns style sheets, fonts, icons and the built islands into the files that the binary carries.
//!
//! Each file gets a name with the first 16 hexadecimal digits of its SHA-256, so that a browser may keep it for ever, and
//! is compressed here, so that no request ever waits for compression. What comes out is `assets_generated.rs`, which
//! `src/assets.rs` includes. Where the islands have not been built yet, the binary is built without them.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The style sheets in the order of their cascade layers. `graph` belongs to the map.
const STYLE_LAYERS: [&str; 7] = ["reset", "tokens", "base", "components", "graph", "pages", "print"];

fn main() {
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let style = manifest.join("../style");
    let site = env::var_os("PLUMBLINE_SITE").map_or_else(|| manifest.join("../target/site/pkg"), PathBuf::from);
    // Cargo takes a missing folder for a changed one and would run this script on every build; where it cannot be made
    // (a read-only source tree) that is all that happens.
    let _ = fs::create_dir_all(&site);
    println!("cargo::rerun-if-env-changed=PLUMBLINE_SITE");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", style.display());
    println!("cargo::rerun-if-changed={}", site.display());
    // The folder and not the page: cargo takes a missing file for a changed one.
    let beside = site.parent().map_or_else(|| site.clone(), Path::to_path_buf);
    println!("cargo::rerun-if-changed={}", beside.display());

    let mut assets = Assets::new(Path::new(&variable("OUT_DIR")));
    let fonts: BTreeMap<String, String> = files(&style.join("fonts"), "woff2")
        .into_iter()
        .map(|(name, bytes)| (format!("fonts/{name}"), assets.add(&name, &bytes)))
        .collect();
    let css = assets.add("app.css", style_sheet(&style, &fonts).as_bytes());
    let icons = assets.add("icons.svg", &read(&style.join("icons.svg")));
    let favicon = assets.add("favicon.svg", &read(&style.join("favicon.svg")));
    let (script, wasm) = islands(&site, &mut assets);
    let font_latin = fonts.get("fonts/inter-latin.woff2").expect("the font that every page preloads is in style/fonts");
    let names = format!(
        "/// The names of this build.\npub(super) const NAMES: Names = Names {{ css: {css:?}, js: {script:?}, wasm: {wasm:?}, icons: \
         {icons:?}, favicon: {favicon:?}, font_latin: {font_latin:?} }};\n\
         pub(super) const VERIFIER: Option<&[u8]> = {};\n",
        verifier(&beside.join("verify.html"), &assets)
    );
    assets.finish(&names);
}

/// The sheets of the layers in their order; a layer may be a folder of sheets, taken by name.
fn style_sheets(style: &Path) -> Vec<PathBuf> {
    let mut sheets = Vec::new();
    for layer in STYLE_LAYERS {
        let sheet = style.join(layer).with_extension("css");
        if sheet.exists() {
            sheets.push(sheet);
        }
        let mut parts: Vec<PathBuf> = fs::read_dir(style.join(layer))
            .map(|them| {
                them.flatten().map(|it| it.path()).filter(|it| it.extension().is_some_and(|it| it == "css")).collect()
            })
            .unwrap_or_default();
        parts.sort();
        sheets.append(&mut parts);
    }
    sheets
}

/// All style sheets as one, its font addresses replaced by the hashed ones.
fn style_sheet(style: &Path, fonts: &BTreeMap<String, String>) -> String {
    let mut css = String::new();
    for sheet in style_sheets(style) {
        css.push_str(&text(&sheet));
    }
    for (written, hashed) in fonts {
        css = css.replace(&format!("url(\"{written}\")"), &format!("url(\"{hashed}\")"));
    }
    assert!(!css.contains("url(\"fonts/"), "a style sheet names a font that is not in style/fonts");
    css
}

/// The script and the module of the islands, if they have been built.
fn islands(site: &Path, assets: &mut Assets) -> (Option<String>, Option<String>) {
    let (script, wasm) = (site.join("plumbline.js"), site.join("plumbline_bg.wasm"));
    if !(script.exists() && wasm.exists()) {
        return (None, None);
    }
    let mut source = text(&script);
    // Crates may bring scripts of their own, which wasm-bindgen puts into one folder each.
    for folder in folders(&site.join("snippets")) {
        let crate_name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for (name, bytes) in files(&folder, "js") {
            let hashed = assets.add(&format!("{crate_name}-{name}"), &bytes);
            source = source.replace(&format!("./snippets/{crate_name}/{name}"), &hashed);
        }
    }
    assert!(!source.contains("'./snippets/"), "{} imports a script that is not beside it", script.display());
    (Some(assets.add("plumbline.js", source.as_bytes())), Some(assets.add("plumbline.wasm", &read(&wasm))))
}

/// The page that lies in every pack, if it has been built.
fn verifier(page: &Path, assets: &Assets) -> String {
    if !page.exists() {
        return "None".to_owned();
    }
    format!("Some({})", assets.store("verify.html", &read(page)))
}

/// The files of this build, on their way into `OUT_DIR`.
struct Assets {
    folder: PathBuf,
    release: bool,
    /// Path in the address, then the fields of the asset as Rust source.
    entries: BTreeMap<String, String>,
}

impl Assets {
    fn new(out: &Path) -> Self {
        let folder = out.join("assets");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("cargo makes OUT_DIR writable");
        Self { folder, release: variable("PROFILE") == "release", entries: BTreeMap::new() }
    }

    /// Stores one file under its hashed name, with its compressed forms where they are smaller, and answers its path.
    fn add(&mut self, name: &str, bytes: &[u8]) -> String {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let hash = hex::encode(Sha256::digest(bytes));
        let hashed = format!("{stem}.{}.{extension}", &hash[..16]);
        let path = format!("/assets/{hashed}");
        let (content_type, compressible) = match extension {
            "css" => ("text/css; charset=utf-8", true),
            "js" => ("text/javascript; charset=utf-8", true),
            "svg" => ("image/svg+xml; charset=utf-8", true),
            "wasm" => ("application/wasm", true),
            "woff2" => ("font/woff2", false),
            other => panic!("no content type is known for .{other}"),
        };
        let mut fields = format!("content_type: {content_type:?}, identity: {}", self.store(&hashed, bytes));
        for (field, compress) in [("br", brotli as fn(&[u8], bool) -> Vec<u8>), ("gz", gzip)] {
            let smaller = compressible.then(|| compress(bytes, self.release)).filter(|small| small.len() < bytes.len());
            let value = smaller.map(|small| format!("Some({})", self.store(&format!("{hashed}.{field}"), &small)));
            let _ = write!(fields, ", {field}: {}", value.as_deref().unwrap_or("None"));
        }
        self.entries.insert(path.clone(), fields);
        path
    }

    fn store(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.folder.join(name), bytes).expect("OUT_DIR is writable and has room");
        format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/assets/{name}\"))")
    }

    fn finish(self, names: &str) {
        let mut source = format!("{names}\n/// Sorted by path.\npub(super) static ASSETS: &[Asset] = &[\n");
        for (path, fields) in &self.entries {
            let _ = writeln!(source, "    Asset {{ path: {path:?}, {fields} }},");
        }
        source.push_str("];\n");
        fs::write(self.folder.join("../assets_generated.rs"), source).expect("OUT_DIR is writable and has room");
    }
}

/// The best quality takes seconds, which a developer's build should not.
fn brotli(bytes: &[u8], release: bool) -> Vec<u8> {
    let mut out = Vec::new();
    let quality = if release { 11 } else { 5 };
    let parameters = brotli::enc::BrotliEncoderParams { quality, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters).expect("writing to memory does not fail");
    out
}

fn gzip(bytes: &[u8], release: bool) -> Vec<u8> {
    let level = flate2::Compression::new(if release { 9 } else { 5 });
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("writing to memory does not fail")
}

/// The files of a folder that have this extension, sorted by name; none where there is no such folder.
fn files(folder: &Path, extension: &str) -> Vec<(String, Vec<u8>)> {
    entries(folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .filter_map(|path| Some((path.file_name()?.to_str()?.to_owned(), read(&path))))
        .collect()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{} cannot be read: {error}", path.display()))
}

fn text(path: &Path) -> String {
    String::from_utf8(read(path)).unwrap_or_else(|_| panic!("{} is not UTF-8", path.display()))
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("cargo sets {name} for build scripts"))
}
