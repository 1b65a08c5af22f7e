//! Pictures compared byte for byte.
//!
//! `UPDATE_GOLDEN=1 cargo test -p domain golden` writes them anew; look at them before committing.

use super::*;
use std::path::Path;

#[track_caller]
fn matches_golden(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/scene/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "{name} differs from what is drawn now; set UPDATE_GOLDEN=1 to write it anew");
}

#[test]
fn golden_shop() {
    matches_golden("shop-light.svg", &svg(&fixtures::shop(), Theme::Light));
    matches_golden("shop-dark.svg", &svg(&fixtures::shop(), Theme::Dark));
    matches_golden("shop-page.svg", &svg(&fixtures::shop(), Theme::Page));
}

#[test]
fn golden_explanation() {
    matches_golden("explained-light.svg", &svg(&fixtures::explained(), Theme::Light));
}

#[test]
fn golden_estate_without_segments() {
    matches_golden("unsorted-light.svg", &svg(&fixtures::unsorted(), Theme::Light));
}

#[test]
fn golden_hub() {
    matches_golden("hub-light.svg", &svg(&fixtures::hub(), Theme::Light));
}

/// The estate that every new workspace can be filled with.
#[test]
fn golden_sample() {
    let drawing = fixtures::sample();
    matches_golden("sample-light.svg", &svg(&drawing, Theme::Light));
    matches_golden("sample-dark.svg", &svg(&drawing, Theme::Dark));
}

#[test]
fn golden_many_segments() {
    matches_golden("segments-light.svg", &svg(&fixtures::segments(), Theme::Light));
}

#[test]
fn golden_one_segment_only() {
    matches_golden("one-segment-light.svg", &svg(&fixtures::one_segment(), Theme::Light));
}

#[test]
fn golden_files_for_other_tools() {
    for format in [FileFormat::Mermaid, FileFormat::Dot, FileFormat::DrawIo] {
        matches_golden(&format!("shop.{}", format.extension()), &file(&fixtures::shop(), format, Theme::Light));
    }
}

#[test]
fn golden_legend() {
    matches_golden("legend-dark.svg", &legend_svg(900, Theme::Dark));
}

#[test]
fn golden_path() {
    let step = |name: &str, sublabel: &str, category| MiniBox {
        name: name.to_owned(),
        sublabel: sublabel.to_owned(),
        category,
        href: format!("/w/shop/systems/{name}"),
        sentence: format!("{name}. {}.", category.words()),
    };
    let arrow = |rule: &str, detail: &str, reversed, card_data| MiniArrow {
        rule: rule.to_owned(),
        detail: detail.to_owned(),
        reversed,
        card_data,
    };
    let path = MiniPath {
        sentence: "Why the support desk is in scope, in three steps.".to_owned(),
        boxes: vec![
            step("Token vault", "data store", Category::Cde),
            step("Checkout service", "service", Category::Cde),
            step("Order service", "service", Category::ConnectedTo),
            step("Support desk", "workstation", Category::ConnectedTo),
        ],
        arrows: vec![
            arrow("sends PAN", "inside the CDE", true, true),
            arrow("connects to CDE", "token, e-mail", false, false),
            arrow("same segment", "", false, false),
        ],
    };
    matches_golden("path-wide-light.svg", &mini(&path, 1200, Theme::Light));
    matches_golden("path-narrow-light.svg", &mini(&path, 420, Theme::Light));
}
