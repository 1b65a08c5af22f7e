//! `plumbline lineage`: the way of one element through a model.

use domain::id::ElementId;
use domain::lineage::{elements, lineage as way, report};
use domain::model::catalogue::{element, normalise};

use super::files::{print, read_model_noting_gaps};
use super::{Failure, Streams, near};
use crate::config::engine::{LineageOptions, ReportFormat};

/// Prints where an element enters, is held, changes form and leaves.
pub(super) fn lineage(options: &LineageOptions, streams: &mut Streams<'_>) -> Result<(), Failure> {
    let file = read_model_noting_gaps(&options.model, streams)?;
    let asked = ElementId::new(options.element.as_str());
    let known = element(asked.as_str()).is_some() || elements(&file.model).contains(normalise(asked.as_str(), None).0);
    if !known {
        return Err(Failure::usage(near::no_such(&file.name, &file.model, "element", asked.as_str())));
    }
    let lineage = way(&file.model, &asked);
    print(
        streams.output,
        &match options.format {
            ReportFormat::Json => report::json(&lineage),
            ReportFormat::Table => report::table(&lineage),
        },
    )
}
