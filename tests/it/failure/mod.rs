//! What happens when something does not work.

mod broken;
mod network;
