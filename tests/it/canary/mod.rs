//! A text that would do harm wherever it is not escaped, typed into every field there is, and looked for everywhere.

mod card_number;
mod forms;
mod html;
mod pages;
mod programs;
mod sample;
mod secrets;

/// What a canary would become where a page does not escape it: no page of ours has such an element.
const ELEMENT: &str = "q-canary";

/// The canary of a number, the longest and most hostile first: it begins like a formula, ends the attribute, the element
/// and the script that it may stand in, and carries control characters. Fields that refuse one take the next.
fn variants(number: usize) -> [String; 4] {
    let out = "</textarea></title></script>";
    [
        format!("=1+cnry{number}x\u{7}\u{1b}[31m'\">{out}<{ELEMENT}>&amp;"),
        format!("=1+cnry{number}x'\">{out}<{ELEMENT}>&amp;"),
        format!("=cnry{number}x'\"><{ELEMENT}>"),
        // An address of mail, which has no blanks anyway.
        format!("=cnry{number}x'\"><{ELEMENT}>@a.example"),
    ]
}

/// The numbers of the canaries that stand in a text.
fn numbers(text: &str) -> std::collections::BTreeSet<usize> {
    text.split("cnry").skip(1).filter_map(|rest| rest.split_once('x')?.0.parse().ok()).collect()
}
