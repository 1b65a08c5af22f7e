//! What is counted and timed for whoever runs the program.
//!
//! One set for the process, as its memory and its start are those of the process. Labels are words of ours from closed lists:
//! a text that came from outside has no type that fits.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use domain::problem::Problem;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::account::sign_in::SignedIn;
use crate::account::standing::Awaits;

/// The upper ends of the ranges in which durations are counted, in seconds.
pub const SECONDS: [f64; 12] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

static METERS: LazyLock<Meters> = LazyLock::new(Meters::default);

struct Meters {
    commands: Family<Ended, Histogram, fn() -> Histogram>,
    scope: Histogram,
    commits: Histogram,
    sign_ins: Family<Tried, Counter>,
}

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    command: &'static str,
    outcome: &'static str,
}

/// How a try to sign in ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Tried {
    result: &'static str,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            commands: Family::new_with_constructor(seconds),
            scope: seconds(),
            commits: seconds(),
            sign_ins: Family::default(),
        }
    }
}

/// Lists what this crate counts.
pub fn register(registry: &mut Registry) {
    let meters = &*METERS;
    registry.register(
        "plumbline_command_duration_seconds",
        "Changes of a model, from waiting for their turn to the commit",
        meters.commands.clone(),
    );
    registry.register(
        "plumbline_scope_duration_seconds",
        "Computations of the scope of a whole model",
        meters.scope.clone(),
    );
    registry.register(
        "plumbline_commit_duration_seconds",
        "Commits of anything that was written, until the database says that it is on the disk",
        meters.commits.clone(),
    );
    registry.register("plumbline_sign_ins", "Tries to sign in, by how they ended", meters.sign_ins.clone());
}

/// An empty histogram of durations.
#[must_use]
pub fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

/// Counts a command.
pub(crate) fn command<T>(command: &'static str, outcome: &Result<T, Problem>, took: Duration) {
    let outcome = outcome.as_ref().err().map_or("done", word);
    METERS.commands.get_or_create(&Ended { command, outcome }).observe(took.as_secs_f64());
}

/// Counts a computation of the scope.
pub(crate) fn scope(took: Duration) {
    METERS.scope.observe(took.as_secs_f64());
}

/// Counts a commit.
pub(crate) fn commit(took: Duration) {
    METERS.commits.observe(took.as_secs_f64());
}

/// Counts a try with a password. One that is right and needs a code is not counted as a sign-in before the code.
pub(crate) fn password(outcome: &Result<SignedIn, Problem>) {
    let result = match outcome {
        Ok(signed_in) if signed_in.awaits == Awaits::Code => "code_asked",
        Ok(_) => "done",
        Err(problem) => word(problem),
    };
    METERS.sign_ins.get_or_create(&Tried { result }).inc();
}

/// Counts a try with a code.
pub(crate) fn code<T>(outcome: &Result<T, Problem>) {
    let result = outcome.as_ref().err().map_or("done", word);
    METERS.sign_ins.get_or_create(&Tried { result }).inc();
}

/// Begins to time something.
pub(crate) fn instant() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "the one place of this crate that reads the clock of durations")]
    Instant::now()
}

const fn word(problem: &Problem) -> &'static str {
    match problem {
        Problem::Invalid(_) => "refused",
        Problem::Conflict => "conflict",
        Problem::TooMany(_) => "throttled",
        Problem::NotFound | Problem::Forbidden => "denied",
        Problem::SignedOut | Problem::SecondFactor | Problem::Reauthenticate => "signed_out",
        Problem::Broken { .. } => "failed",
    }
}
