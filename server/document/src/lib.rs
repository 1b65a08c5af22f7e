//! Documents for print: data in, tagged PDF out.
//!
//! A package of its own, as nothing else needs a typesetter, and knows nothing of ours but the form of the data. The
//! template is a file of this crate and the only source; what people wrote reaches it as data and is never read as markup.
//! There is no file system, no network, no clock and no font of the machine, so that the same data gives the same bytes
//! everywhere. The PDF keeps to PDF/UA-1, the standard for documents that a screen reader reads; one that would not is no
//! document at all.
//!
//! It is meant to run in a process of its own with limits ([`crate::pdf`] sets none): the memory grows with the data.

mod legible;
mod world;

use serde_json::Value;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use world::Desk;

/// The most data that is read, in bytes.
pub const DATA_MAX: usize = 96 * 1024 * 1024;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is more data than [`DATA_MAX`].
    #[error("there are more than {DATA_MAX} bytes of data")]
    TooMuch,
    /// The data has not the form that the template needs.
    #[error("the data is no document: {0}")]
    Unreadable(String),
    /// It cannot be set.
    #[error("it cannot be set: {0}")]
    Unset(String),
}

/// Sets a document: JSON in the form of `domain::paper::Paper`.
///
/// # Errors
/// What is too much, has not the form, or would not keep to PDF/UA-1.
pub fn pdf(data: &[u8]) -> Result<Vec<u8>, Refused> {
    if data.len() > DATA_MAX {
        return Err(Refused::TooMuch);
    }
    let mut value: Value = serde_json::from_slice(data).map_err(|error| Refused::Unreadable(error.to_string()))?;
    let desk = Desk::new()?;
    let replaced = desk.make_legible(&mut value);
    let Value::Object(members) = &mut value else {
        return Err(Refused::Unreadable("it is no object".to_owned()));
    };
    members.insert("replaced".to_owned(), replaced.into());
    let text = serde_json::to_vec(&value).map_err(|error| Refused::Unreadable(error.to_string()))?;
    drop(value);
    let desk = desk.with_data(text);
    let document: PagedDocument = typst::compile(&desk).output.map_err(|errors| Refused::Unset(told(&errors)))?;
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| Refused::Unset(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("Plumbline".into())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| Refused::Unset(told(&errors)))
}

/// The first of the errors, as one sentence without its end; the place is one of the template and says nothing to anybody.
fn told(errors: &[SourceDiagnostic]) -> String {
    errors.first().map(|it| it.message.to_string()).unwrap_or_default()
}
