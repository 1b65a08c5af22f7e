//! What is served, asked as browsers ask.

mod acceptance;
mod api;
pub mod app;
mod comments;
mod findings;
mod guide;
mod headers;
mod import;
mod inventory;
mod limits;
mod mail;
mod modes;
mod observations;
mod origin;
mod pages;
mod people;
mod proposals;
mod recognise;
mod risks;
pub mod second_factor;
mod session;
mod size;
mod snapshots;
mod step_up;
mod temporary;
mod timeline;
mod triage;
