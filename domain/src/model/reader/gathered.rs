//! What many objects of a file share: their keys, collected and interned.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

/// Texts that many objects name, each kept once.
#[derive(Default)]
pub(super) struct Names(HashSet<Arc<str>>);

impl Names {
    pub(super) fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.0.insert(Arc::clone(&new));
        new
    }
}

/// The objects of a long list before they become a map: a map that is built at once from a list in order costs
/// a fraction of one that grows object by object, and most files are in order.
pub(super) struct Gathered<K, V> {
    objects: Vec<(K, Arc<V>)>,
    /// The keys so far, kept only from the first one on that is out of order.
    known: Option<HashSet<K>>,
}

impl<K, V> Default for Gathered<K, V> {
    fn default() -> Self {
        Self { objects: Vec::new(), known: None }
    }
}

impl<K: Ord + Hash + Clone + Borrow<str>, V> Gathered<K, V> {
    /// Whether an object with that key was added before.
    pub(super) fn has(&mut self, key: &str) -> bool {
        let Some((last, _)) = self.objects.last() else { return false };
        if self.known.is_none() && last.borrow() < key {
            return false;
        }
        self.known.get_or_insert_with(|| self.objects.iter().map(|(key, _)| key.clone()).collect()).contains(key)
    }

    /// Adds an object; the last one of a key counts.
    pub(super) fn add(&mut self, key: K, object: V) {
        if let Some(known) = &mut self.known {
            known.insert(key.clone());
        }
        self.objects.push((key, Arc::new(object)));
    }

    pub(super) fn into_map(self) -> BTreeMap<K, Arc<V>> {
        self.objects.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::FlowId;

    #[test]
    fn a_key_is_known_whether_or_not_the_keys_are_in_order() {
        for keys in [["a", "b", "c"], ["c", "a", "b"], ["b", "c", "a"]] {
            let mut gathered: Gathered<FlowId, usize> = Gathered::default();
            for (at, key) in keys.into_iter().enumerate() {
                assert!(!gathered.has(key));
                gathered.add(key.into(), at);
            }
            assert!(keys.iter().all(|key| gathered.has(key)) && !gathered.has("d") && !gathered.has(""));
            gathered.add("b".into(), 7);
            assert_eq!(*gathered.into_map()["b"], 7);
        }
    }
}
