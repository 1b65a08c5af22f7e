//! What the confirmation of the scope rests on: who is assessed, the stages of each payment channel, and the seven
//! elements with what the model says of each.

pub(super) mod board;
pub(super) mod elements;
pub(super) mod entity;
