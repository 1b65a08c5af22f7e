//! Who reaches what, for every route that there is.

mod routes;
