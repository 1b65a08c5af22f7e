//! The parts that pages are built from: each renders one thing, knows no page and asks no backend.

pub mod field;
pub mod form;
pub mod header;
pub mod icon;
pub mod impact;
pub mod link;
pub mod notice;
#[cfg(feature = "ssr")]
pub mod qr;
pub mod scope;
pub mod sentence;
pub mod table;
pub mod title;
