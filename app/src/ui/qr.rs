//! A QR code as a drawing: one path of squares, without a style attribute, which the content policy would refuse.

use std::fmt::Write as _;

use leptos::prelude::*;
use qrcode::{Color, QrCode};

/// Modules of quiet space around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// The code of a text; `None` where the text is too long for one.
#[must_use]
pub fn qr(text: &str, label: &'static str) -> Option<AnyView> {
    let code = QrCode::new(text.as_bytes()).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (number, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (number % width + QUIET, number / width + QUIET);
            write!(path, "M{x} {y}h1v1h-1z").expect("writing to a String cannot fail");
        }
    }
    let side = width + 2 * QUIET;
    let drawing = view! {
        <svg class="qr" role="img" aria-label=label viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges">
            <rect width=side.to_string() height=side.to_string() fill="#fff"></rect>
            <path d=path fill="#000"></path>
        </svg>
    };
    Some(drawing.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_squares_on_white_without_a_style() {
        let html = qr("otpauth://totp/x?secret=GEZDGNBV", "QR code").map(|it| it.to_html()).unwrap_or_default();
        // The finder pattern begins in the corner, behind the quiet space: seven dark modules in a row.
        assert!(html.contains("M4 4h1v1h-1zM5 4h1v1h-1z") && html.contains("M10 4h1v1h-1z"), "{html}");
        assert!(!html.contains("M11 4h") && !html.contains("style"), "{html}");
        assert!(qr(&"x".repeat(4000), "too long").is_none());
    }
}
