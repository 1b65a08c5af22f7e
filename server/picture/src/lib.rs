//! The map as a picture of pixels: the SVG of a drawing in, PNG out.
//!
//! A package of its own, as nothing else needs a renderer. It draws with the fonts it brings and never looks at those of
//! the machine, so that the same SVG gives the same bytes everywhere; it loads nothing that an SVG names.

use std::sync::{Arc, LazyLock};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};

/// Pixels on a side at most.
pub const MOST_ON_A_SIDE: u32 = 16_384;
/// Pixels in all at most; one takes four bytes of memory while the picture is drawn.
pub const MOST_PIXELS: u64 = 100_000_000;
/// A picture that stays below so many pixels is drawn at twice its size, for print and for fine screens.
const MOST_PIXELS_DOUBLED: u64 = 20_000_000;

/// Inter, cut down to Latin, Greek and Cyrillic; made by `scripts/picture-fonts.py`.
const FONTS: [&[u8]; 2] = [include_bytes!("../fonts/inter-400.ttf"), include_bytes!("../fonts/inter-600.ttf")];

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It would have more pixels than [`MOST_ON_A_SIDE`] or [`MOST_PIXELS`] allow.
    #[error(
        "The picture would be {width} by {height} pixels; PNG is drawn up to {MOST_ON_A_SIDE} on a side and 100 million \
         in all. Fold segments or focus on a system, or take the SVG, which has no limit."
    )]
    TooLarge {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// It is no SVG that can be drawn.
    #[error("The drawing cannot be made a picture: {0}.")]
    Unreadable(String),
}

/// Draws an SVG that needs no style sheet, as [the files of a map](domain::scene) are.
///
/// # Errors
/// When the picture would be too large, or the text is no SVG.
pub fn png(svg: &str) -> Result<Vec<u8>, Refused> {
    let tree = Tree::from_str(svg, &options()).map_err(|error| Refused::Unreadable(error.to_string()))?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let pixels = u64::from(width) * u64::from(height);
    let too_large = Refused::TooLarge { width, height };
    if width.max(height) > MOST_ON_A_SIDE || pixels > MOST_PIXELS {
        return Err(too_large);
    }
    let doubled = pixels * 4 <= MOST_PIXELS_DOUBLED && width.max(height) * 2 <= MOST_ON_A_SIDE;
    let scale = if doubled { 2 } else { 1 };
    let mut picture = Pixmap::new(width * scale, height * scale).ok_or(too_large)?;
    let transform = if doubled { Transform::from_scale(2.0, 2.0) } else { Transform::identity() };
    resvg::render(&tree, transform, &mut picture.as_mut());
    picture.encode_png().map_err(|error| Refused::Unreadable(error.to_string()))
}

fn options() -> Options<'static> {
    static DATABASE: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
        let mut database = fontdb::Database::new();
        for font in FONTS {
            database.load_font_data(font.to_vec());
        }
        database.set_sans_serif_family("Inter");
        Arc::new(database)
    });
    Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::clone(&DATABASE),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn svg(width: u32, height: u32, inner: &str) -> String {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">{inner}</svg>")
    }

    fn pixels(png: &[u8]) -> Pixmap {
        Pixmap::decode_png(png).unwrap()
    }

    fn inked(png: &[u8]) -> usize {
        pixels(png).pixels().iter().filter(|pixel| pixel.alpha() > 0).count()
    }

    const WORD: &str = "<text x=\"4\" y=\"20\" font-family=\"Inter, Arial\" font-size=\"14\"";

    #[test]
    fn a_picture_has_twice_the_pixels_of_its_drawing_and_the_same_bytes_every_time() {
        let drawn = svg(120, 40, &format!("<rect width=\"9\" height=\"9\" fill=\"#f00\"/>{WORD}>Vault</text>"));
        let once = png(&drawn).unwrap();
        assert_eq!((pixels(&once).width(), pixels(&once).height()), (240, 80));
        assert_eq!(png(&drawn).unwrap(), once);
    }

    #[test]
    fn text_is_drawn_with_the_fonts_that_are_brought_and_a_heavier_weight_is_heavier() {
        let regular = inked(&png(&svg(120, 40, &format!("{WORD} font-weight=\"400\">čheckout</text>"))).unwrap());
        let bold = inked(&png(&svg(120, 40, &format!("{WORD} font-weight=\"600\">čheckout</text>"))).unwrap());
        assert!(regular > 200 && bold > regular, "{regular} {bold}");
        for word in ["оплата", "Πληρωμή", "Nguyễn"] {
            let inked = inked(&png(&svg(120, 40, &format!("{WORD}>{word}</text>"))).unwrap());
            assert!(inked > 200, "{word}: {inked}");
        }
    }

    #[test]
    fn what_would_be_too_large_is_refused_with_its_size() {
        assert_eq!(png(&svg(16_385, 10, "")), Err(Refused::TooLarge { width: 16_385, height: 10 }));
        let refused = png(&svg(11_000, 11_000, "")).unwrap_err();
        assert!(refused.to_string().starts_with("The picture would be 11000 by 11000 pixels"), "{refused}");
    }

    #[test]
    fn what_is_no_svg_is_refused() {
        assert!(matches!(png("<p>nothing</p>"), Err(Refused::Unreadable(_))));
    }

    #[test]
    fn nothing_is_loaded_that_an_svg_names() {
        let font = concat!("file://", env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let drawn = svg(40, 40, &format!("<image href=\"{font}\" width=\"40\" height=\"40\"/>"));
        assert_eq!(inked(&png(&drawn).unwrap()), 0);
    }
}
