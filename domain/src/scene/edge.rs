//! A line: its weight by what it carries, its form by how, and the strip of chips on it.

use crate::layout::{Point, Route};

use super::markup::{Pen, arrowhead, esc, rounded, towards};
use super::paint::{Style, Theme, Tone};
use super::strip::Strip;
use super::{Bundle, ChipClass};

/// Between the tip of the arrow and the border of the box.
const TIP_GAP: i32 = 2;
/// The line ends inside the arrowhead, so that a heavy line does not stick out of its tip.
const HEAD: i32 = 7;
/// Between the halo of a line and the boxes at its ends.
const HALO_GAP: i32 = 6;

/// The weight and colour of a line.
pub(super) const fn tone(most_sensitive: Option<ChipClass>, path: bool) -> Tone {
    match most_sensitive {
        Some(ChipClass::Sad | ChipClass::Pan) => Tone::Card { path },
        Some(ChipClass::Secret) => Tone::Secret { path },
        _ => Tone::Plain { path },
    }
}

/// The whole link.
pub(super) fn draw(pen: &mut Pen, bundle: &Bundle, strip: &Strip, route: &Route, tone: Tone, faded: bool) {
    let mut attributes = format!(
        "{} aria-label=\"{}\" data-key=\"{}\" data-kind=\"bundle\" data-from=\"{}\" data-to=\"{}\"",
        pen.link(&bundle.href),
        esc(&bundle.sentence),
        esc(&bundle.keys.join(" ")),
        esc(&bundle.from),
        esc(&bundle.to)
    );
    match pen.theme {
        Theme::Page => {
            let admin = if bundle.admin { " admin" } else { "" };
            let off = if faded { " off" } else { "" };
            let gone = if bundle.gone { " gone" } else { "" };
            attributes.push_str(&format!(" class=\"flow {}{admin}{gone}{off}\"", tone.class()));
        }
        Theme::Light | Theme::Dark if faded => attributes.push_str(" opacity=\".25\""),
        Theme::Light | Theme::Dark => {}
    }
    pen.raw(&format!("<a{attributes}>"));
    line(pen, bundle, &route.points, tone);
    if let Some(place) = &route.strip {
        strip.draw(pen, place);
    }
    pen.raw("</a>");
}

/// The line with its arrowhead.
pub(super) fn line(pen: &mut Pen, bundle: &Bundle, points: &[Point], tone: Tone) {
    let mut points = points.to_vec();
    if let [.., before, tip] = points.as_mut_slice() {
        *tip = towards(*tip, *before, TIP_GAP);
    }
    let data = rounded(&points, HEAD);
    if pen.theme == Theme::Page {
        pen.path(&data, Style::Hit);
    }
    if tone.lifted() || bundle.admin {
        // The halo keeps away from the boxes, so that it does not eat into their borders.
        let mut between = points.clone();
        if let [first, second, ..] = between.as_mut_slice() {
            *first = towards(*first, *second, HALO_GAP);
        }
        pen.path(&rounded(&between, HALO_GAP), Style::Halo);
    }
    if bundle.admin {
        pen.path(&data, Style::Double(tone));
        pen.path(&data, Style::Gap);
    } else {
        pen.path(&data, if bundle.gone { Style::BrokenLine(tone) } else { Style::Line(tone) });
    }
    let head = if bundle.webhook { Style::HollowArrow(tone) } else { Style::Arrow(tone) };
    pen.path(&arrowhead(&points), head);
}
