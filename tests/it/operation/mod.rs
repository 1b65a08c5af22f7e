//! The real program as a process of its own: killed, backed up, restarted, side by side with another.

mod backup;
mod checkpoints;
mod health;
mod killed;
mod postgres;
mod process;
mod writers;
