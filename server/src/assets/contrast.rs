//! Can everybody read the colours of the style sheet? WCAG 2.2 asks for 4.5 to 1 for text and 3 to 1 for what carries
//! meaning without text; both themes must keep it, since a person may choose either.

use super::{get, names};

/// A colour from the style sheet and the surfaces it stands on.
const TEXT: [(&str, &[&str]); 21] = [
    ("text", &["canvas", "surface", "raised", "sunken", "hover", "accent-soft", "ok-soft", "warn-soft", "error-soft"]),
    ("text-2", &["canvas", "surface", "raised", "sunken", "hover"]),
    ("text-3", &["canvas", "surface", "raised"]),
    ("accent", &["canvas", "surface", "raised", "accent-soft", "hover"]),
    ("accent-text", &["accent", "accent-hover"]),
    ("ok", &["canvas", "surface", "ok-soft"]),
    ("warn", &["canvas", "surface", "warn-soft"]),
    ("error", &["canvas", "surface", "error-soft"]),
    ("scope-cde-text", &["scope-cde-bg"]),
    ("scope-sec-text", &["scope-sec-bg"]),
    ("scope-con-text", &["scope-con-bg"]),
    ("scope-out-text", &["scope-out-bg"]),
    ("scope-new-text", &["scope-new-bg"]),
    ("hop-0-text", &["hop-0-bg"]),
    ("hop-1-text", &["hop-1-bg"]),
    ("hop-2-text", &["hop-2-bg"]),
    ("level-1-text", &["level-1-bg"]),
    ("level-2-text", &["level-2-bg"]),
    ("level-3-text", &["level-3-bg"]),
    ("level-4-text", &["level-4-bg"]),
    ("level-5-text", &["level-5-bg"]),
];

/// Lines, borders of controls and the focus ring.
const SHAPES: [(&str, &[&str]); 8] = [
    ("border-strong", &["canvas", "surface"]),
    ("accent", &["canvas", "surface", "raised"]),
    ("hop-line", &["canvas", "surface", "raised"]),
    ("scope-cde-line", &["canvas", "surface", "scope-cde-bg"]),
    ("scope-sec-line", &["canvas", "surface", "scope-sec-bg"]),
    ("scope-con-line", &["canvas", "surface"]),
    ("scope-out-line", &["canvas", "surface", "scope-out-bg"]),
    ("scope-new-line", &["canvas", "surface", "scope-new-bg"]),
];

#[test]
fn text_keeps_its_contrast_in_both_themes() {
    assert_eq!(too_weak(&TEXT, 4.5), Vec::<String>::new());
}

#[test]
fn lines_and_borders_keep_their_contrast_in_both_themes() {
    assert_eq!(too_weak(&SHAPES, 3.0), Vec::<String>::new());
}

#[test]
fn contrast_is_that_of_the_standard() {
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 0.001);
    assert!((contrast([0x77, 0x77, 0x77], [255, 255, 255]) - 4.478).abs() < 0.001);
}

fn too_weak(pairs: &[(&str, &[&str])], least: f64) -> Vec<String> {
    let mut weak = Vec::new();
    for &(front, backs) in pairs {
        for &back in backs {
            for (theme, (front_colour, back_colour)) in ["light", "dark"].iter().zip(colours(front).zip(colours(back)))
            {
                let found = contrast(front_colour, back_colour);
                if found < least {
                    weak.push(format!("{front} on {back}, {theme}: {found:.2}"));
                }
            }
        }
    }
    weak
}

/// The light and the dark value of `--name: light-dark(#rrggbb, #rrggbb)`.
fn colours(name: &str) -> impl Iterator<Item = [u8; 3]> {
    let css = std::str::from_utf8(get(names().css).expect("the style sheet is served").identity).expect("CSS is UTF-8");
    let start = format!("--{name}: light-dark(#");
    let rest = css.split_once(&start).unwrap_or_else(|| panic!("--{name} is no pair of colours")).1;
    let (light, dark) = rest.split_once(')').and_then(|(pair, _)| pair.split_once(", #")).expect("two colours");
    [light, dark]
        .map(|digits| {
            let mut colour = [0; 3];
            hex::decode_to_slice(digits, &mut colour).expect("six hexadecimal digits");
            colour
        })
        .into_iter()
}

/// The contrast ratio of WCAG 2: from the relative luminance of both, 1 to 21.
fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
