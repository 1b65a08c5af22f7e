//! Two computations at the same time, where that is worth a thread: the answers are the same, only sooner.

/// Both answers. `worth` is whether each side takes longer than it takes to start a thread, some tens of microseconds.
///
/// In a browser, and where no thread can be had, one comes after the other.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn both<A: Send, B>(worth: bool, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    use std::panic::resume_unwind;
    use std::sync::Mutex;
    use std::thread::{Builder, scope};

    if !worth {
        return (one(), other());
    }
    // In a cell, so that it is still here when no thread can be started.
    let one = Mutex::new(Some(one));
    let take = || one.lock().ok().and_then(|mut one| one.take());
    scope(|threads| {
        let started = Builder::new().spawn_scoped(threads, || take().map(|one| one()));
        let other = other();
        let answer = started.ok().and_then(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)));
        let answer = answer.or_else(|| take().map(|one| one()));
        (answer.expect("who took it has answered"), other)
    })
}

/// Both answers, one after the other.
#[cfg(target_family = "wasm")]
pub(crate) fn both<A: Send, B>(_worth: bool, one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    (one(), other())
}

#[cfg(test)]
mod tests {
    use super::both;

    #[test]
    fn the_answers_are_the_same_with_and_without_a_thread() {
        let texts = ["a".to_owned(), "b".to_owned()];
        for worth in [false, true] {
            assert_eq!(both(worth, || texts[0].clone(), || texts[1].len()), ("a".to_owned(), 1));
        }
    }
}
