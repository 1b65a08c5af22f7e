//! The result of a check for people.

use std::fmt::Write as _;

use super::{Checked, SCOPE_RISE};

/// One line for each system that rose, and below it why.
pub(super) fn text(checked: &Checked<'_>) -> String {
    let systems = checked.model.model.systems.len();
    let compared = format!("{} against {}", checked.model.name, checked.base);
    let mut text = match checked.rises.len() {
        0 => format!("{SCOPE_RISE}: passed, {compared}: none of {systems} systems rose.\n"),
        rose => format!("{SCOPE_RISE}: failed, {compared}: {rose} of {systems} systems rose.\n"),
    };
    for it in &checked.rises {
        let _ = writeln!(text, "\n{}", checked.sentence(it));
        for sentence in &it.because {
            let _ = writeln!(text, "  {}", sentence.to_string().replace(char::is_control, " "));
        }
    }
    text
}
