//! Lists that share their beginnings: the proofs of many systems run through the same first steps.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// An ordered list that may share its beginning with other lists, so that ten thousand proofs of ten
/// thousand steps each need no more room than their distinct steps. Cloning is cheap.
pub struct Chain<T> {
    links: Arc<Links<T>>,
    end: Option<u32>,
}

/// The items of many chains, each with the one before it.
pub(super) struct Links<T> {
    items: Vec<(T, Option<u32>)>,
}

impl<T> Links<T> {
    pub(super) const fn new() -> Self {
        Self { items: Vec::new() }
    }

    /// Appends an item after another one, or as the beginning of a chain. Returns its place.
    pub(super) fn push(&mut self, item: T, before: Option<u32>) -> u32 {
        debug_assert!(before.is_none_or(|it| (it as usize) < self.items.len()), "a chain never loops");
        self.items.push((item, before));
        u32::try_from(self.items.len() - 1).expect("there are at most five steps for each of at most 2^28 systems")
    }
}

impl<T> Chain<T> {
    /// The chain that ends with the item at that place.
    pub(super) fn ending(links: &Arc<Links<T>>, end: u32) -> Self {
        Self { links: Arc::clone(links), end: Some(end) }
    }

    /// The items, first to last.
    pub fn iter(&self) -> std::vec::IntoIter<&T> {
        let mut items: Vec<&T> = self.backwards().collect();
        items.reverse();
        items.into_iter()
    }

    /// The items, last to first, without collecting them.
    pub fn backwards(&self) -> impl Iterator<Item = &T> {
        let mut next = self.end;
        std::iter::from_fn(move || {
            let (item, before) = &self.links.items[next? as usize];
            next = *before;
            Some(item)
        })
    }

    /// Whether there is no item.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.end.is_none()
    }

    /// How many items there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.backwards().count()
    }

    /// The first item.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.backwards().last()
    }

    /// The last item.
    #[must_use]
    pub fn last(&self) -> Option<&T> {
        self.backwards().next()
    }
}

impl<T: Clone> Chain<T> {
    /// The items as a list of their own.
    #[must_use]
    pub fn to_vec(&self) -> Vec<T> {
        self.iter().cloned().collect()
    }
}

impl<T> From<Vec<T>> for Chain<T> {
    fn from(items: Vec<T>) -> Self {
        let mut links = Links::new();
        let mut end = None;
        for item in items {
            end = Some(links.push(item, end));
        }
        Self { links: Arc::new(links), end }
    }
}

impl<T> Default for Chain<T> {
    fn default() -> Self {
        Self { links: Arc::new(Links::new()), end: None }
    }
}

impl<T> Clone for Chain<T> {
    fn clone(&self) -> Self {
        Self { links: Arc::clone(&self.links), end: self.end }
    }
}

impl<T: PartialEq> PartialEq for Chain<T> {
    fn eq(&self, other: &Self) -> bool {
        (Arc::ptr_eq(&self.links, &other.links) && self.end == other.end) || self.backwards().eq(other.backwards())
    }
}

impl<T: Eq> Eq for Chain<T> {}

impl<T: fmt::Debug> fmt::Debug for Chain<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T> IntoIterator for &'a Chain<T> {
    type Item = &'a T;
    type IntoIter = std::vec::IntoIter<&'a T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Serialize> Serialize for Chain<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_share_a_beginning_and_end_apart() {
        let mut links = Links::new();
        let seed = links.push("seed", None);
        let middle = links.push("middle", Some(seed));
        let links = {
            links.push("one", Some(middle));
            links.push("other", Some(middle));
            Arc::new(links)
        };
        assert_eq!(Chain::ending(&links, 2).to_vec(), ["seed", "middle", "one"]);
        assert_eq!(Chain::ending(&links, 3), Chain::from(vec!["seed", "middle", "other"]));
        assert_ne!(Chain::ending(&links, 3), Chain::ending(&links, 2));
        assert_eq!(Chain::ending(&links, 3).first(), Some(&"seed"));
        assert_eq!(Chain::<u8>::default().len(), 0);
    }
}
