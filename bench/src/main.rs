//! Prints `docs/performance.md`: the machine, the figures, and the ratio to a bare search over the same graph.
//!
//! `performance [BROWSER]`, where `BROWSER` is a file with what `scripts/bench-browser.sh` printed. Each estate is
//! timed in a process of its own, `performance --estate SYSTEMS FLOWS`, so that memory is that of one estate; each map in
//! `performance --map SYSTEMS FLOWS`.
#![expect(clippy::print_stdout, reason = "the page is what it is for")]

mod machine;
mod page;
mod sample;

use std::error::Error;
use std::fs;
use std::process::Command;

use bench::estate::Estate;
use page::Page;
use sample::{MapSample, Sample};
use serde::de::DeserializeOwned;

/// A shop with its services, a large processor, and ten times that.
const ESTATES: [Estate; 3] = [Estate::new(300, 3_000), Estate::new(10_000, 100_000), Estate::new(100_000, 1_000_000)];

/// A map that is drawn in full, and one that only the command line draws in full.
const MAPS: [Estate; 2] = [Estate::new(300, 600), Estate::new(5_000, 20_000)];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--estate", systems, flows] => {
            let sample = Sample::of(&Estate::new(systems.parse()?, flows.parse()?));
            println!("{}", serde_json::to_string(&sample)?);
            Ok(())
        }
        ["--map", systems, flows] => {
            let sample = MapSample::of(&Estate::new(systems.parse()?, flows.parse()?));
            println!("{}", serde_json::to_string(&sample)?);
            Ok(())
        }
        [] => print(None),
        [browser] => print(Some(fs::read_to_string(browser)?)),
        _ => Err("usage: performance [BROWSER]".into()),
    }
}

fn print(browser: Option<String>) -> Result<(), Box<dyn Error>> {
    let samples: Vec<Sample> = ESTATES.iter().map(|it| in_its_own_process("--estate", it)).collect::<Result<_, _>>()?;
    let maps: Vec<MapSample> = MAPS.iter().map(|it| in_its_own_process("--map", it)).collect::<Result<_, _>>()?;
    print!("{}", Page { samples: &samples, maps: &maps, browser: browser.as_deref().map(str::trim) });
    Ok(())
}

fn in_its_own_process<T: DeserializeOwned>(what: &str, estate: &Estate) -> Result<T, Box<dyn Error>> {
    let size = [estate.systems.to_string(), estate.flows.to_string()];
    let output = Command::new(std::env::current_exe()?).arg(what).args(size).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
