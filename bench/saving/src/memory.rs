//! How much memory processes have at most: looked at again and again, because who ended says nothing any more.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How often it is looked. The peak is what the kernel remembers, so only the last moment of a process is missed.
const PULSE: Duration = Duration::from_millis(20);

/// Watches all processes of a program until it is asked.
pub struct Watch {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<BTreeMap<String, u64>>,
}

impl Watch {
    /// Watches the processes of a program, by the command with which it is called.
    pub fn of(program: &Path, commands: &'static [&'static str]) -> io::Result<Self> {
        let program = fs::canonicalize(program)?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let mut peaks = BTreeMap::new();
            while !stopped.load(Ordering::Relaxed) {
                // A process may end while it is looked at.
                let _ = look(&program, commands, &mut peaks);
                thread::sleep(PULSE);
            }
            peaks
        });
        Ok(Self { stop, thread })
    }

    /// The most memory that a process of each command had, in KiB.
    pub fn peaks(self) -> BTreeMap<String, u64> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}

fn look(program: &Path, commands: &[&str], peaks: &mut BTreeMap<String, u64>) -> io::Result<()> {
    for process in fs::read_dir("/proc")? {
        let folder = process?.path();
        if fs::read_link(folder.join("exe")).is_ok_and(|it| it == program)
            && let Ok(line) = fs::read(folder.join("cmdline"))
            && let Some(command) = line.split(|byte| *byte == 0).nth(1)
            && let Some(command) = commands.iter().find(|it| it.as_bytes() == command)
            && let Some(peak) = peak(&folder)
        {
            let most = peaks.entry((*command).to_owned()).or_default();
            *most = peak.max(*most);
        }
    }
    Ok(())
}

/// The most memory that a process had so far, in KiB.
fn peak(folder: &Path) -> Option<u64> {
    let status = fs::read_to_string(folder.join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
