//! Confirmations.
