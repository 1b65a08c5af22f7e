//! The language of list filters, which lists of the domain read too.

pub(super) use domain::filter::{Filter, quoted};
