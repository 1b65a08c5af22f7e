//! At which revision did each object change last?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::iter::Peekable;
use std::sync::Arc;

use super::{Change, Revision};
use crate::model::object::ObjectRef;

/// How many objects are noted beside the whole list before both are joined: few enough to be copied with every save, and
/// enough that joining, which takes as long as the list is, is rare.
const BESIDE: usize = 512;

/// At which revision each object of a model changed last. A save notes what it touched beside a list that it shares with
/// the revisions before it.
#[derive(Clone, Default)]
pub struct Changed {
    all: Arc<BTreeMap<ObjectRef, Revision>>,
    /// What differs from `all`: nothing stands for an object that is gone.
    since: Arc<BTreeMap<ObjectRef, Option<Revision>>>,
}

impl Changed {
    /// The revision at which the object changed last; `None` where it was never written.
    #[must_use]
    pub fn get(&self, object: &ObjectRef) -> Option<&Revision> {
        match self.since.get(object) {
            Some(since) => since.as_ref(),
            None => self.all.get(object),
        }
    }

    /// Every object with its revision, in the order of the objects.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { all: self.all.iter().peekable(), since: self.since.iter().peekable() }
    }

    /// The same after a change that made a revision.
    #[must_use]
    pub fn after(&self, change: &Change, revision: Revision) -> Self {
        let gone = change.removals.iter().map(|object| (object.clone(), None));
        let put = change.puts.iter().map(|object| (object.reference(), Some(revision)));
        let mut since = (*self.since).clone();
        since.extend(gone.chain(put));
        if since.len() <= BESIDE {
            return Self { all: Arc::clone(&self.all), since: Arc::new(since) };
        }
        let mut all = (*self.all).clone();
        for (object, revision) in since {
            match revision {
                Some(revision) => drop(all.insert(object, revision)),
                None => drop(all.remove(&object)),
            }
        }
        Self::from(all)
    }

    /// Those objects that a change puts and that were there before it.
    #[must_use]
    pub fn known(&self, change: &Change) -> BTreeSet<ObjectRef> {
        let gone: BTreeSet<&ObjectRef> = change.removals.iter().collect();
        let put = change.puts.iter().map(|object| object.reference());
        put.filter(|object| self.get(object).is_some() && !gone.contains(object)).collect()
    }
}

impl From<BTreeMap<ObjectRef, Revision>> for Changed {
    fn from(all: BTreeMap<ObjectRef, Revision>) -> Self {
        Self { all: Arc::new(all), since: Arc::default() }
    }
}

impl FromIterator<(ObjectRef, Revision)> for Changed {
    fn from_iter<I: IntoIterator<Item = (ObjectRef, Revision)>>(all: I) -> Self {
        Self::from(BTreeMap::from_iter(all))
    }
}

impl<'a> IntoIterator for &'a Changed {
    type Item = (&'a ObjectRef, &'a Revision);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl PartialEq for Changed {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Changed {}

impl fmt::Debug for Changed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self).finish()
    }
}

/// Every object with the revision at which it changed last.
pub struct Iter<'a> {
    all: Peekable<std::collections::btree_map::Iter<'a, ObjectRef, Revision>>,
    since: Peekable<std::collections::btree_map::Iter<'a, ObjectRef, Option<Revision>>>,
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a ObjectRef, &'a Revision);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = self.since.peek().map(|(object, _)| *object);
            if let Some(old) = self.all.next_if(|(object, _)| next.is_none_or(|next| *object < next)) {
                return Some(old);
            }
            let (object, revision) = self.since.next()?;
            self.all.next_if(|(old, _)| *old == object);
            if let Some(revision) = revision {
                return Some((object, revision));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::SystemId;
    use crate::model::object::Object;
    use crate::model::system::System;

    fn system(number: usize) -> ObjectRef {
        ObjectRef::System(SystemId::new(format!("system-{number:04}")))
    }

    fn put(number: usize) -> Object {
        let id = SystemId::new(format!("system-{number:04}"));
        Object::System(Arc::new(System::new(id, "System")))
    }

    #[test]
    fn what_is_noted_beside_the_list_reads_like_one_list_rewritten_each_time() {
        let mut whole: BTreeMap<ObjectRef, Revision> = (0..40).map(|it| (system(it * 2), Revision(1))).collect();
        let mut changed = Changed::from(whole.clone());
        for step in 0..1200_usize {
            let revision = Revision(i64::try_from(step).unwrap_or_default() + 2);
            let (one, other) = (step * 7 % 900, step * 13 % 900);
            let mut change = Change { puts: vec![put(one)], removals: Vec::new() };
            if step % 3 == 0 && one != other {
                change.removals.push(system(other));
                whole.remove(&system(other));
            }
            assert_eq!(changed.known(&change).len(), usize::from(whole.contains_key(&system(one))), "{step}");
            whole.insert(system(one), revision);
            changed = changed.after(&change, revision);
            assert!(changed.since.len() <= BESIDE);
            if step % 97 == 0 {
                assert!(changed.iter().eq(whole.iter()), "{step}");
            }
        }
        assert!(changed.iter().eq(&whole) && changed == Changed::from(whole.clone()));
        assert!((0..900).all(|it| changed.get(&system(it)) == whole.get(&system(it))));
    }

    #[test]
    fn an_object_that_was_removed_and_comes_back_in_one_change_is_not_known_from_before() {
        let changed = Changed::from(BTreeMap::from([(system(1), Revision(1)), (system(2), Revision(1))]));
        let change = Change { puts: vec![put(1), put(2), put(3)], removals: vec![system(2)] };
        assert_eq!(changed.known(&change), BTreeSet::from([system(1)]));
    }
}
