//! The pages: one function each, from a request to a [`Screen`](frame::Screen). Rendered on the server only.

mod accessibility;
mod admin;
mod answer;
mod editor;
mod element;
mod facts;
mod filter;
mod firm;
mod flows;
mod frame;
mod history;
mod home;
mod import;
mod inventory;
mod map;
mod members;
mod people;
mod profile;
mod proof;
mod request;
mod routes;
mod rows;
mod security;
mod settings;
mod shell;
mod sign_in;
mod systems;
mod tokens;
mod warning;
mod why;
mod work;
mod workspaces;

pub use map::view_options;
pub use routes::App;
pub use shell::shell;
