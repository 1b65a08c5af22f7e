//! The store on both databases.

mod access;
mod audit;
mod calendar;
mod confirmations;
mod imports;
mod incidents;
mod kept;
mod lists;
mod opening;
mod own_account;
mod people;
mod records;
mod registers;
mod reviews;
mod rich;
mod risks;
mod round_trip;
mod schedules;
mod second_factor;
mod sessions;
mod set_up;
mod sign_in;
mod statements;
mod together;
mod workspaces;
mod write_path;
