//! Views of lists that somebody keeps under a name: filter, order and columns.

use async_trait::async_trait;

use crate::id::{ViewId, WorkspaceId};
use crate::model::card_number::looks_like_card_number;
use crate::problem::{FieldCode, FieldError, Problem};

/// Longest name of a view, in characters.
pub const VIEW_NAME_MAX: u32 = 80;
/// Longest query of a view, in characters.
const QUERY_MAX: usize = 2_000;
/// How many views one person keeps in one workspace at most.
pub const VIEWS_MAX: usize = 200;

/// The views that somebody sees: their own, and those that are shared in the workspace.
#[async_trait]
pub trait SavedViews: Send + Sync {
    /// The views of all lists, by list and name.
    ///
    /// # Errors
    /// As `Backend::estate`.
    async fn views(&self, workspace: &WorkspaceId) -> Result<Vec<SavedView>, Problem>;

    /// Keeps a view. One of the same list and name that the person keeps is replaced.
    ///
    /// # Errors
    /// As `Backend::estate`, and `Forbidden` where the role may not share.
    async fn save_view(&self, workspace: &WorkspaceId, wish: ViewWish) -> Result<ViewId, Problem>;

    /// Forgets a view: one's own, or where one manages the workspace, any that is shared.
    ///
    /// # Errors
    /// As `Backend::estate`, and `NotFound` where the person sees no such view or may not delete it.
    async fn delete_view(&self, workspace: &WorkspaceId, view: &ViewId) -> Result<(), Problem>;
}

/// A view that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its key.
    pub id: ViewId,
    /// The word of the list: `systems`, `flows`, or that of a kind of records.
    pub list: String,
    /// Its name.
    pub name: String,
    /// The filter, as typed.
    pub q: String,
    /// The column to sort by, with `-` before it for the largest first.
    pub sort: String,
    /// The columns, divided by commas.
    pub columns: String,
    /// Everybody in the workspace sees it.
    pub shared: bool,
    /// Who keeps it, by name.
    pub by: String,
    /// Whether the person who asks keeps it.
    pub own: bool,
    /// Whether the person who asks may delete it.
    pub deletable: bool,
}

/// A view that somebody wants to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewWish {
    /// The word of the list.
    pub list: String,
    /// The name.
    pub name: String,
    /// The filter, as typed.
    pub q: String,
    /// The column to sort by, with `-` before it for the largest first.
    pub sort: String,
    /// The columns, divided by commas.
    pub columns: String,
    /// Whether everybody in the workspace sees it.
    pub shared: bool,
}

impl ViewWish {
    /// Whether it can be kept. `is_list` tells whether there is a list with this word.
    ///
    /// # Errors
    /// `Invalid` with the fields `name`, `list` and `q`.
    pub fn check(&self, is_list: impl Fn(&str) -> bool) -> Result<(), Problem> {
        let mut errors = Vec::new();
        let name = self.name.trim();
        let wrong = match () {
            () if name.is_empty() => Some(FieldCode::Missing),
            () if name.chars().count() > VIEW_NAME_MAX as usize => Some(FieldCode::TooLong(VIEW_NAME_MAX)),
            () if name.chars().any(char::is_control) => Some(FieldCode::ControlCharacter),
            () if looks_like_card_number(name) => Some(FieldCode::CardNumber),
            () => None,
        };
        errors.extend(wrong.map(|code| FieldError::new("name", code)));
        if !is_list(&self.list) {
            errors.push(FieldError::new("list", FieldCode::NotInList));
        }
        let parts = [&self.q, &self.sort, &self.columns];
        let wrong = match () {
            () if parts.iter().map(|it| it.chars().count()).sum::<usize>() > QUERY_MAX => {
                Some(FieldCode::TooLong(2_000))
            }
            () if parts.iter().any(|it| it.chars().any(char::is_control)) => Some(FieldCode::ControlCharacter),
            () if parts.iter().any(|it| looks_like_card_number(it)) => Some(FieldCode::CardNumber),
            () => None,
        };
        errors.extend(wrong.map(|code| FieldError::new("q", code)));
        if errors.is_empty() { Ok(()) } else { Err(Problem::Invalid(errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_has_a_name_and_a_list_and_no_card_number() {
        let wish = |name: &str, list: &str, q: &str| ViewWish {
            list: list.to_owned(),
            name: name.to_owned(),
            q: q.to_owned(),
            sort: String::new(),
            columns: String::new(),
            shared: false,
        };
        let is_list = |list: &str| list == "systems";
        assert_eq!(wish("Card data", "systems", "field:pan").check(is_list), Ok(()));
        let bad = wish(" ", "nothing", "4111 1111 1111 1111").check(is_list);
        let expected = [("name", FieldCode::Missing), ("list", FieldCode::NotInList), ("q", FieldCode::CardNumber)];
        assert_eq!(bad, Err(Problem::Invalid(expected.map(|(field, code)| FieldError::new(field, code)).into())));
    }
}
