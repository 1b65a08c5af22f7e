//! Reports for people: each is titled tables of text, so that a page, a CSV and a printed document say the same.
//!
//! A report is a function of what it is given. It reads no clock, its rows have an order, and what nobody said is told as
//! unknown. Measures are computed from facts; nobody scores themselves.

pub mod disclosure;
pub mod field_inventory;
pub mod holdings;
pub mod measures;
pub mod risk;
pub mod scope_statement;
pub mod subject_request;
pub mod table;

pub use table::{Report, Table};

use crate::text::text_enum;

text_enum! {
    /// The reports.
    ReportKind {
        ScopeStatement = "scope-statement": "Scope statement",
        FieldInventory = "field-inventory": "Field inventory with purposes and retention",
        Disclosure = "disclosure": "Disclosure report",
        SubjectRequest = "subject-request": "Data subject request sheet",
        Risks = "risks": "Risk report",
        Measures = "measures": "Measures",
    }
}

impl ReportKind {
    /// Whether it is made of the model and of what was signed alone, so that who sees only what was signed gets it.
    #[must_use]
    pub const fn is_of_the_model(self) -> bool {
        match self {
            Self::ScopeStatement | Self::FieldInventory | Self::Disclosure | Self::SubjectRequest => true,
            Self::Risks | Self::Measures => false,
        }
    }
}
