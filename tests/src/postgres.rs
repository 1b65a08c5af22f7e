//! A PostgreSQL cluster for one test run: made when the first test asks, reachable through a socket only, gone with the
//! process. A test that restarts its cluster makes one of its own.

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

/// Makes a cluster, prints its folder, restarts it for every line of its input as after a crash, and removes it when its
/// input ends: that is when the test process is gone, however it ended.
const SCRIPT: &str = r#"
set -eu
bin=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/plumbline-pg.XXXXXX")
trap 'rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U tests -A trust -E UTF8 --locale=C --no-sync >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
"$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" \
    -o "-k $dir -c listen_addresses='' -c max_connections=300" start >/dev/null 2>&1 || { cat "$dir/log" >&2; exit 1; }
echo "$dir"
while read -r _; do
    "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -m immediate restart </dev/null >/dev/null 2>&1
    echo restarted
done
"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
"#;

/// A running cluster.
pub struct Cluster {
    folder: String,
    /// Ends the cluster when it is dropped, or with the process: its input is a pipe that only we hold.
    keeper: Child,
    says: BufReader<ChildStdout>,
}

impl Cluster {
    /// A cluster of its own; `None`, with a message, where the machine has no PostgreSQL.
    ///
    /// # Panics
    /// It does not start, or there is none and `CI` is `true`.
    #[must_use]
    pub fn start() -> Option<Self> {
        let cluster = programs().map(|programs| start(&programs));
        if cluster.is_none() {
            let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!is_ci, "no PostgreSQL (initdb, pg_ctl) on this machine");
            eprintln!("skipped: no PostgreSQL (initdb, pg_ctl) on this machine");
        }
        cluster
    }

    /// Restarts it as after a crash, and waits until it takes connections again.
    ///
    /// # Panics
    /// It does not come back.
    pub fn restart(&mut self) {
        let input = self.keeper.stdin.as_mut().expect("the input is a pipe");
        input.write_all(b"restart\n").expect("the keeper listens");
        let mut line = String::new();
        self.says.read_line(&mut line).expect("the keeper answers");
        assert_eq!(line.trim(), "restarted");
    }

    /// Where a schema of the cluster is.
    #[must_use]
    pub fn url(&self, schema: &str) -> String {
        format!("postgres://tests@localhost/postgres?host={}&options[search_path]={schema}", self.folder)
    }
}

/// The cluster of this process; `None`, with a message, where the machine has no PostgreSQL.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start).as_ref()
}

/// The folder with `initdb` and `pg_ctl`: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let has_both = |folder: &Path| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file();
    debian.into_iter().rev().chain(std::env::split_paths(&path)).find(|folder| has_both(folder))
}

fn start(programs: &Path) -> Cluster {
    // PostgreSQL refuses to run as root.
    let is_root =
        std::fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0);
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    let mut keeper = command
        .args(["-c", SCRIPT, "sh"])
        .arg(programs)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sh and setpriv are there");
    let output = keeper.stdout.take().expect("the output is a pipe");
    let (mut says, mut folder) = (BufReader::new(output), String::new());
    says.read_line(&mut folder).expect("the output can be read");
    let folder = folder.trim().to_owned();
    assert!(!folder.is_empty(), "PostgreSQL did not start; its log is above");
    Cluster { folder, keeper, says }
}
