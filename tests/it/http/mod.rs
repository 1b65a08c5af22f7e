//! What is served, asked as browsers ask.

mod api;
pub mod app;
mod findings;
mod headers;
mod import;
mod inventory;
mod limits;
mod mail;
mod modes;
mod origin;
mod pages;
mod people;
mod risks;
pub mod second_factor;
mod session;
mod step_up;
