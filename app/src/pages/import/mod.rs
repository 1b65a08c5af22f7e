//! Importing a file: choosing it, looking at what it would change, and deciding.

mod entries;
mod names;
pub(super) mod preview;
pub(super) mod upload;

use domain::problem::Problem;
use domain::role::Capability;

use super::request::{Place, Request};

/// The workspace, where the person may import into it.
pub(super) async fn importing(request: &Request) -> Result<Place, Problem> {
    let place = request.place().await?;
    if place.may(Capability::ImportModel) { Ok(place) } else { Err(Problem::Forbidden) }
}
