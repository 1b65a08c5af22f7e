//! Who reaches what, for every route that there is.

mod bodies;
mod forced;
mod routes;
