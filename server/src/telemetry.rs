//! Where does the log go, and in which form?

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::LogFormat;

/// Writes the log of this process to standard error from now on. A second call changes nothing.
///
/// # Errors
/// The sentence that says why the filter cannot be read.
pub fn start(format: LogFormat, filter: &str) -> Result<(), String> {
    let filter = self::filter(filter).map_err(|advice| format!("--log {filter:?} cannot be read: {advice}."))?;
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    // It fails only where a log has been started before.
    let _ = match format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
    };
    Ok(())
}

/// Which lines are written.
///
/// # Errors
/// Why the text cannot be read, and what to write.
pub fn filter(text: &str) -> Result<EnvFilter, String> {
    text.parse().map_err(|error| format!("{error}. Write for example `info` or `warn,server=debug`"))
}

/// Writes panics into the log like everything else: on one line, and with what came from outside escaped.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let message = panic.payload_as_str().unwrap_or("a panic without words");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(?message, place, "a thread panicked");
    }));
}
