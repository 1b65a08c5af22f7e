//! The machine that is measured on, as far as it tells.

use std::fs;
use std::process::Command;

/// The name of the processor.
pub fn processor() -> String {
    let known = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    known.unwrap_or_else(|| format!("unknown ({})", std::env::consts::ARCH))
}

/// How many cores there are.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The version of the compiler in the path, which is the one that `cargo` just used.
pub fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output().ok().filter(|it| it.status.success());
    output.map_or_else(|| "unknown".to_owned(), |it| String::from_utf8_lossy(&it.stdout).trim().to_owned())
}

/// How many processes wanted to run, on average over the last minute.
pub fn load() -> Option<String> {
    Some(fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.to_owned())
}

/// Lets the peak memory of this process start again from what it uses now, where the system can.
pub fn forget_peak_memory() {
    let _unsupported_elsewhere = fs::write("/proc/self/clear_refs", "5");
}

/// The largest resident memory of this process since, in KiB.
pub fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
