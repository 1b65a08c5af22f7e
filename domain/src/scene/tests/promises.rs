//! What every picture promises.

use super::fixtures::{explained, hub, one_segment, sample, segments, shop, unsorted};
use super::*;
use crate::layout::Rect;
use proptest::prelude::*;

const THEMES: [Theme; 3] = [Theme::Page, Theme::Light, Theme::Dark];

/// Every value of an attribute, in order.
fn values<'a>(picture: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    picture.split(start.as_str()).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

/// The markup of the link with this key.
fn link<'a>(picture: &'a str, key: &str) -> &'a str {
    let at = picture.find(&format!("data-key=\"{key}\"")).unwrap();
    let start = picture[..at].rfind("<a ").unwrap();
    &picture[start..start + picture[start..].find("</a>").unwrap()]
}

#[test]
fn a_page_holds_no_inline_style_and_no_colour() {
    for drawing in [shop(), explained(), unsorted(), hub()] {
        let picture = svg(&drawing, Theme::Page);
        for forbidden in [" style=", "<style", "<script", " fill=", " stroke=", " opacity=", " on"] {
            assert!(!picture.contains(forbidden), "{forbidden}");
        }
    }
    assert!(!legend_svg(600, Theme::Page).contains(" fill="));
}

#[test]
fn the_whole_in_small_has_every_box_and_nothing_to_read_or_to_press() {
    let picture = Picture::of(&shop(), Some("vault"));
    assert_eq!(picture.map, svg(&shop(), Theme::Page));
    assert!(picture.place.is_some());
    assert_eq!(picture.overview.matches("class=\"cat-").count(), 13);
    assert!(picture.overview.contains("aria-hidden=\"true\"") && picture.overview.contains("data-view"));
    for forbidden in ["<a ", "<text", " style=", " fill="] {
        assert!(!picture.overview.contains(forbidden), "{forbidden}");
    }
    assert_eq!(Picture::of(&shop(), Some("nobody")).place, None);
}

#[test]
fn a_file_needs_no_style_sheet() {
    for theme in [Theme::Light, Theme::Dark] {
        let picture = svg(&shop(), theme);
        assert!(!picture.contains(" class=") && !picture.contains("var("));
    }
}

#[test]
fn every_system_and_every_bundle_is_a_link_with_a_sentence() {
    for theme in THEMES {
        let picture = svg(&shop(), theme);
        assert_eq!(picture.matches("<a ").count(), 13 + 16);
        assert_eq!(picture.matches("<a href=\"/w/shop/").count(), 13 + 16);
        assert!(
            link(&picture, "vault").contains("aria-label=\"Token vault. Cardholder data environment. data store.\"")
        );
        assert_eq!(values(&picture, "data-kind").iter().filter(|kind| **kind == "bundle").count(), 16);
    }
}

#[test]
fn a_system_names_its_neighbours_most_sensitive_first() {
    let picture = svg(&shop(), Theme::Page);
    assert_eq!(values(link(&picture, "checkout"), "data-out"), ["psp vault orders logs"]);
    assert_eq!(values(link(&picture, "checkout"), "data-in"), ["web idp orders"]);
}

#[test]
fn an_undeclared_end_is_drawn_and_never_dropped() {
    let picture = svg(&shop(), Theme::Page);
    let open_end = link(&picture, "warehouse-feed");
    assert!(open_end.contains("cat-open") && open_end.contains("nobody declared it"));
}

#[test]
fn two_views_of_one_map_never_share_an_id_inside_the_picture() {
    let picture = svg(&shop(), Theme::Page);
    assert_eq!(values(&picture, "id"), ["map-viewport"]);
}

#[test]
fn everything_off_the_path_fades_and_the_steps_are_numbered() {
    let picture = svg(&explained(), Theme::Page);
    assert!(link(&picture, "browser").contains(" off\""));
    assert!(!link(&picture, "desk").contains(" off\""));
    let step = link(&picture, "checkout-vault");
    assert!(step.contains("path") && step.contains("step-text\">1</text>"));
    assert!(link(&picture, "vault-hsm").contains(" off\""));
}

#[test]
fn sensitive_authentication_data_comes_first_and_shouts() {
    let picture = svg(&shop(), Theme::Page);
    let card = link(&picture, "browser-cdn");
    let words = ["! CVV", "PAN", "EXP"].map(|word| card.find(&format!(">{word}<")).unwrap());
    assert!(words.is_sorted(), "{words:?}");
    assert!(card.contains("tone-card"));
}

#[test]
fn markup_in_names_is_text() {
    let hostile = "<script>alert('1')</script>\" onload=\"x\u{0}&";
    let mut drawing = shop();
    drawing.title = hostile.to_owned();
    drawing.lanes[0].name = hostile.to_owned();
    drawing.lanes[0].trust = hostile.to_owned();
    for node in &mut drawing.nodes {
        node.name = hostile.to_owned();
        node.sublabel = hostile.to_owned();
        node.sentence = hostile.to_owned();
        node.href = "javascript:alert(1)".to_owned();
    }
    for bundle in &mut drawing.bundles {
        bundle.sentence = hostile.to_owned();
        bundle.href = hostile.to_owned();
        bundle.to = hostile.to_owned();
        bundle.keys = vec![hostile.to_owned()];
        bundle.chips = vec![Chip { class: ChipClass::Other, label: hostile.to_owned() }];
    }
    for theme in THEMES {
        let picture = svg(&drawing, theme);
        assert!(!picture.contains("<script") && !picture.contains("javascript:") && !picture.contains('\u{0}'));
        assert!(!picture.contains(" onload=\""));
        assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count());
    }
}

#[test]
fn a_name_cannot_leave_its_place_in_a_file_for_another_tool() {
    let hostile = "a\"]; click n0 \"javascript:x\" <b>&amp;\\\r\n end %%{init}%% `x` #35; \u{2028}z";
    let mut drawing = shop();
    drawing.title = hostile.to_owned();
    drawing.lanes[0].name = hostile.to_owned();
    drawing.nodes[0].name = hostile.to_owned();
    drawing.bundles[0].chips = vec![Chip { class: ChipClass::Other, label: hostile.to_owned() }];
    let lines = |drawing: &Drawing, format| file(drawing, format, Theme::Light).lines().count();
    for format in FileFormat::ALL {
        assert_eq!(lines(&drawing, format), lines(&shop(), format), "{format:?}: a line break stays in its label");
    }
    let mermaid = file(&drawing, FileFormat::Mermaid, Theme::Light);
    for line in mermaid.lines().filter(|line| !line.trim_start().starts_with("%%")) {
        assert!(line.matches('"').count() <= 2 && !line.contains("<b>") && !line.contains('`'), "{line}");
        assert!(!line.contains("%%"), "nothing in a name begins a comment or a directive: {line}");
    }
    assert!(!mermaid.contains("%%{") && !mermaid.contains('{'), "a title is no directive");
    let dot = file(&drawing, FileFormat::Dot, Theme::Light);
    for line in dot.lines() {
        let bare = line.replace("\\\\", "").replace("\\\"", "");
        assert!(bare.matches('"').count() % 2 == 0, "{line}");
        assert!(!bare.split('"').step_by(2).any(|outside| outside.contains("click")), "{line}");
    }
    let drawio = file(&drawing, FileFormat::DrawIo, Theme::Light);
    assert!(!drawio.contains("<b>") && drawio.contains("&lt;b&gt;") && !drawio.contains("html=1"));
    assert_eq!(drawio.matches("<mxCell ").count(), 2 + 5 + 13 + 16);
}

#[test]
fn the_order_of_the_input_does_not_matter_in_any_format() {
    let mut turned = shop();
    turned.nodes.reverse();
    turned.bundles.reverse();
    turned.lanes.reverse();
    for format in FileFormat::ALL {
        assert_eq!(file(&turned, format, Theme::Light), file(&shop(), format, Theme::Light));
    }
}

#[test]
fn no_box_covers_another_and_no_line_crosses_a_box_that_it_does_not_join() {
    for drawing in [sample(), shop(), explained(), unsorted(), hub(), segments(), one_segment()] {
        let layout = layout_of(&drawing);
        for (index, one) in layout.boxes.iter().enumerate() {
            let other = layout.boxes[index + 1..].iter().find(|other| one.overlaps(other));
            assert!(other.is_none(), "{}: {one:?} {other:?}", drawing.title);
        }
        for pair in layout.routes.iter().flat_map(|route| route.points.windows(2)) {
            let (low, high) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            // A line has no width here; it is drawn up to three pixels wide.
            let line = Rect { x: low.x - 1, y: low.y - 1, width: high.x - low.x + 2, height: high.y - low.y + 2 };
            let inner =
                |rect: &Rect| Rect { x: rect.x + 1, y: rect.y + 1, width: rect.width - 2, height: rect.height - 2 };
            let crossed = layout.boxes.iter().find(|rect| inner(rect).overlaps(&line));
            assert!(crossed.is_none(), "{}: {pair:?} {crossed:?}", drawing.title);
        }
    }
}

#[test]
fn a_long_name_takes_two_lines_and_only_what_is_longer_still_is_cut() {
    let mut drawing = unsorted();
    drawing.nodes[0].name = "Reconciliation of settlement files".to_owned();
    let picture = svg(&drawing, Theme::Light);
    assert!(picture.contains(">Reconciliation of</text>") && picture.contains(">settlement files</text>"));
    assert_eq!(picture.matches("<title>").count(), 1, "the whole name is told where it is cut");
    assert!(picture.contains("<title>Laptop of the branch manager with a very long name</title>"));
}

#[test]
fn the_counts_tell_what_is_not_drawn() {
    assert_eq!(
        hub().counts.sentence(),
        "Showing 27 of 140 systems, 26 of 1,204 flows. 2 segments collapsed. Nothing else is hidden."
    );
}

#[test]
fn every_category_differs_in_code_or_shape() {
    let entries = legend();
    for (index, one) in entries.iter().enumerate() {
        for other in &entries[index + 1..] {
            let (a, b) = (one.category, other.category);
            assert!(
                one.code != other.code || icon::of(a) != icon::of(b) || a.border() != b.border(),
                "{a:?} looks like {b:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_input_does_not_matter(
        lanes in Just(shop().lanes).prop_shuffle(),
        nodes in Just(shop().nodes).prop_shuffle(),
        bundles in Just(shop().bundles).prop_shuffle(),
    ) {
        let shuffled = Drawing { lanes, nodes, bundles, ..shop() };
        prop_assert_eq!(svg(&shuffled, Theme::Page), svg(&shop(), Theme::Page));
    }

    #[test]
    fn the_order_of_the_systems_and_flows_of_the_sample_does_not_matter(
        nodes in Just(sample().nodes).prop_shuffle(),
        bundles in Just(sample().bundles).prop_shuffle(),
    ) {
        prop_assert_eq!(layout_of(&Drawing { nodes, bundles, ..sample() }), layout_of(&sample()));
    }
}

#[test]
fn the_style_sheet_knows_every_class_of_a_page() {
    let sheet = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../style/graph.css")).unwrap();
    let known = |class: &str| {
        let selector = format!(".{class}");
        sheet.match_indices(&selector).any(|(at, _)| {
            !sheet[at + selector.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '-')
        })
    };
    let pictures = [svg(&shop(), Theme::Page), svg(&explained(), Theme::Page), legend_svg(600, Theme::Page)];
    let unknown: std::collections::BTreeSet<&str> = pictures
        .iter()
        .flat_map(|picture| values(picture, "class"))
        .flat_map(str::split_whitespace)
        // What the class says is printed by other means.
        .filter(|class| *class != "admin" && !known(class))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
