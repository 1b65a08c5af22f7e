//! Helpers shared by the tests that cross crates.

pub mod clock;
pub mod estate;
pub mod fuzz;
pub mod place;
pub mod postgres;

/// Writes one test for both databases: a module of the given name with the tests `sqlite` and `postgres`.
///
/// The body is given a [`place::Place`]: a fresh database without a schema. Without PostgreSQL on the machine its half
/// prints that it is skipped; where `CI` is `true` it fails instead.
#[macro_export]
macro_rules! both_dbs {
    ($(#[$doc:meta])* $name:ident, |$place:ident| $body:expr) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn check($place: $crate::place::Place) {
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                check($crate::place::Place::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(place) = $crate::place::Place::postgres().await {
                    check(place).await;
                }
            }
        }
    };
}
