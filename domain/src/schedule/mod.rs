//! What is to be done again and again: how often, by whom, and whether it was on time.
//!
//! One function decides every interval, [`on_time`](on_time::on_time): the clock is an argument, and where a result can
//! change by the passing of time alone it says when. Days are those of the workspace's [`Zone`]; instants are UTC.
//! A job that did not run keeps nothing on time, and [`passed`](tick::passed) tells afterwards what it missed.

pub mod activity_draft;
pub mod analysis;
pub mod analysis_draft;
pub mod assurance;
pub mod cadence;
pub mod calendar;
pub mod call;
pub mod draft;
pub mod ical;
pub mod late;
pub mod month;
pub mod noted;
pub mod on_time;
pub mod plan;
pub mod planned;
pub mod recovery;
pub mod suggest;
pub mod tick;
pub mod trigger;
pub mod zone;

pub use cadence::Cadence;
pub use late::{LateCause, Run};
pub use on_time::{Standing, State, on_time};
pub use plan::{Schedule, ScheduleKey, Subject, Topic};
pub use planned::Planned;
pub use zone::Zone;
