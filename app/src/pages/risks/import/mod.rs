//! A register from a file: choosing it, saying what its columns and scales mean, looking at what would change, deciding,
//! and seeing how far it is.

mod columns;
mod preview;
mod progress;
mod rows;
mod scales;
pub(in super::super) mod upload;

use domain::backend::register_imports::ImportState;
use domain::id::ImportId;
use domain::problem::Problem;

use super::super::frame::{Screen, Section};
use super::super::import::importing;
use super::super::request::Request;
use crate::ui::header::Header;

/// The page of a register that is kept: its preview, how far it is, or what became of it.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let id = ImportId::new(request.path("job"));
    let backend = request.backend()?;
    let kept = backend.register_import(&place.estate.workspace.id, &id).await?;
    let heading = format!("Import {}", kept.file_name);
    let head = Header::new(heading.clone())
        .below(place.paths.page("risks"), "Risks")
        .below(place.paths.page("risks/import"), "Import a register")
        .view();
    let body = match kept.state {
        ImportState::Reading => progress::reading(&place, &id, &kept, head),
        ImportState::Done => progress::done(&place, &kept, head),
        _ => {
            let risks = backend.risks(&place.estate.workspace.id).await?;
            preview::page(&request, &place, (&id, &kept), &risks, head)?
        }
    };
    let screen = Screen::inside(&place, Section::Risks, heading, body);
    Ok(screen.coming_again_while(kept.state == ImportState::Reading))
}
