//! Objects by key, shared between revisions: taking a copy costs nothing until one of the two is changed.

use std::collections::{BTreeMap, btree_map};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Objects in the order of their keys. Read and changed as the map that it is.
///
/// A change of a table that others share copies its list of objects first, never the objects.
#[derive(Debug)]
pub struct Table<K, T>(Arc<BTreeMap<K, Arc<T>>>);

impl<K, T> Table<K, T> {
    /// Whether both are copies of one table and neither was changed since. Two tables that are not can still be equal.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<K, T> Clone for Table<K, T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: PartialEq, T: PartialEq> PartialEq for Table<K, T> {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.0 == other.0
    }
}

impl<K: Eq, T: Eq> Eq for Table<K, T> {}

impl<K, T> Deref for Table<K, T> {
    type Target = BTreeMap<K, Arc<T>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<K: Clone, T> DerefMut for Table<K, T> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        Arc::make_mut(&mut self.0)
    }
}

impl<K, T> From<BTreeMap<K, Arc<T>>> for Table<K, T> {
    fn from(map: BTreeMap<K, Arc<T>>) -> Self {
        Self(Arc::new(map))
    }
}

impl<K: Ord, T> FromIterator<(K, Arc<T>)> for Table<K, T> {
    fn from_iter<I: IntoIterator<Item = (K, Arc<T>)>>(objects: I) -> Self {
        Self::from(BTreeMap::from_iter(objects))
    }
}

impl<'a, K, T> IntoIterator for &'a Table<K, T> {
    type Item = (&'a K, &'a Arc<T>);
    type IntoIter = btree_map::Iter<'a, K, Arc<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'a, K: Clone, T> IntoIterator for &'a mut Table<K, T> {
    type Item = (&'a K, &'a mut Arc<T>);
    type IntoIter = btree_map::IterMut<'a, K, Arc<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

impl<K: Clone, T> IntoIterator for Table<K, T> {
    type Item = (K, Arc<T>);
    type IntoIter = btree_map::IntoIter<K, Arc<T>>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_the_same_table_until_one_of_them_is_changed() {
        let first: Table<&str, u8> = [("a", Arc::new(1)), ("b", Arc::new(2))].into_iter().collect();
        let mut second = first.clone();
        assert!(first.is_same(&second));
        second.insert("c", Arc::new(3));
        assert!(!first.is_same(&second) && first != second);
        assert_eq!((first.len(), second.len()), (2, 3));
        // The objects themselves are shared still.
        assert!(Arc::ptr_eq(&first["a"], &second["a"]));
        second.remove("c");
        assert!(!first.is_same(&second));
        assert_eq!(first, second);
    }
}
