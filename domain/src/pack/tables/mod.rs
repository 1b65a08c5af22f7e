//! The tables that follow from the model, one file each, with their rows ordered by key.

pub(super) mod connections;
pub(super) mod credentials;
pub(super) mod exclusions;
pub(super) mod findings;
pub(super) mod flows;
pub(super) mod inventory;
pub(super) mod keys;
pub(super) mod locations;
pub(super) mod providers;
pub(super) mod scripts;
pub(super) mod segmentation;
