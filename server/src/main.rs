//! The program `plumbline`.

use std::io;
use std::process::ExitCode;

use server::cli::{Streams, run};
use server::telemetry;

fn main() -> ExitCode {
    telemetry::log_panics();
    let mut streams =
        Streams { input: &mut io::stdin().lock(), output: &mut io::stdout().lock(), errors: &mut io::stderr() };
    ExitCode::from(run(std::env::args_os(), &mut streams) as u8)
}
