//! Prints how long the recogniser takes for interface descriptions of 10 MB, in JSON and in YAML.
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use bench::specification;
use bench::timing::Timing;
use domain::import::Limits;
use domain::import::recogniser::recognise;

/// Ten times the size of a large published interface.
const BYTES: usize = 10 * 1024 * 1024;

/// Enough that one disturbance does not count.
const RUNS: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for (name, text) in [("large.json", specification::json(BYTES)), ("large.yaml", specification::yaml(BYTES))] {
        let read = || recognise(name, text.as_bytes(), &Limits::browser());
        let result = read().map_err(|rejection| rejection.to_string())?;
        let timing = Timing::of(RUNS, read);
        let bytes = text.len();
        let (found, fields) = (result.findings.len(), result.fields);
        println!("{name}: {bytes} bytes, {found} of {fields} fields, {:.2} s at best", timing.fastest.as_secs_f64());
    }
    Ok(())
}
