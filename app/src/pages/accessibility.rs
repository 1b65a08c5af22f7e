//! The accessibility statement: what was checked, and what is known not to work.

use domain::problem::Problem;
use leptos::prelude::*;

use super::frame::Screen;
use super::request::Request;

pub(super) async fn page(_request: Request) -> Result<Screen, Problem> {
    let body = view! {
        <div class="prose stack">
            <p>"Plumbline aims at level AA of the Web Content Accessibility Guidelines 2.2."</p>
            <h2>"What works"</h2>
            <ul>
                <li>"Every page and every form works with the keyboard alone, and without JavaScript."</li>
                <li>"Each scope category has a code, a shape, a border and a colour; none is told by colour alone."</li>
                <li>
                    "The map has a table of the same flows, linked above and below the drawing. On the map, arrow \
                     keys walk from system to system, Enter opens one, plus and minus zoom."
                </li>
                <li>"Pages follow the colours, contrast, text size and motion settings of your system."</li>
            </ul>
            <h2>"What does not work yet"</h2>
            <ul>
                <li>
                    "No person who uses a screen reader every day has tested the map. The table is the safer way."
                </li>
                <li>"At a width of 320 pixels the map and wide tables scroll sideways inside their frame."</li>
            </ul>
            <p>"If something is in your way, tell the administrator of this installation."</p>
        </div>
    };
    Ok(Screen::alone("Accessibility", body).class("auth-card card wide"))
}
