//! How fast it goes: when each system falls at the earliest, and how far it got by the time somebody notices.

use std::collections::BTreeMap;

use serde::Serialize;

use super::proof::system_id;
use super::spread::{Gain, Measure, Spread};
use super::terrain::Terrain;
use crate::id::SystemId;

/// The earliest times, in seconds from the start. Calls take the latency of their flows and batches their period;
/// what nobody stated takes no time, so these are lower bounds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Clock {
    /// When control over each system can be gained.
    pub earliest_seconds: BTreeMap<SystemId, u64>,
    /// When it is noticed: the earliest time at which a system under control notices hostile use. `None` where no
    /// such system says how long that takes.
    pub noticed_after_seconds: Option<u64>,
    /// The systems under control by then; all of them where nobody notices.
    pub controlled_when_noticed: Vec<SystemId>,
}

/// Runs the search again, with seconds for hops.
pub(super) fn clock(terrain: &Terrain<'_>, starts: &[Gain]) -> Clock {
    let spread = Spread::from(terrain, starts, Measure::Seconds);
    let mut earliest: BTreeMap<u32, u64> = BTreeMap::new();
    for (gain, step) in spread.gains() {
        if let Some(system) = controls(gain) {
            let cost = spread.log[step as usize].cost;
            earliest.entry(system).and_modify(|known| *known = cost.min(*known)).or_insert(cost);
        }
    }
    let noticed = |(system, seconds): (&u32, &u64)| {
        let minutes = terrain.graph.systems[*system as usize].detect_minutes?;
        Some(seconds.saturating_add(minutes.saturating_mul(60)))
    };
    let noticed_after_seconds = earliest.iter().filter_map(noticed).min();
    let by_then = |seconds: u64| noticed_after_seconds.is_none_or(|noticed| seconds <= noticed);
    Clock {
        noticed_after_seconds,
        controlled_when_noticed: earliest
            .iter()
            .filter(|(_, seconds)| by_then(**seconds))
            .map(|(system, _)| system_id(terrain, *system))
            .collect(),
        earliest_seconds: earliest.into_iter().map(|(system, seconds)| (system_id(terrain, system), seconds)).collect(),
    }
}

/// The system that a fact gives control over.
pub(super) const fn controls(gain: Gain) -> Option<u32> {
    match gain {
        Gain::Admin(system)
        | Gain::Act(system)
        | Gain::Decrypt(system)
        | Gain::Detokenise(system, _)
        | Gain::Read(system, _) => Some(system),
        Gain::Has(_) | Gain::Key(_) | Gain::Opened(_) => None,
    }
}
