//! Lists by number, kept as one list: thousands of short lists without thousands of allocations.

use std::ops::Range;

/// One list for each number from 0.
pub(crate) struct Grouped<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Grouped<T> {
    fn default() -> Self {
        Self { starts: vec![0], items: Vec::new() }
    }
}

impl<T: Copy> Grouped<T> {
    /// The lists of `groups` numbers. The items of a list keep the order in which they come.
    pub(crate) fn new(groups: usize, pairs: &[(u32, T)]) -> Self {
        Self::of_pairs(groups, pairs.iter().copied())
    }

    /// The same of pairs that are gone through twice.
    pub(crate) fn of_pairs(groups: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut starts = vec![0_u32; groups + 1];
        for (group, _) in pairs.clone() {
            starts[group as usize + 1] += 1;
        }
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let Some((_, any)) = pairs.clone().next() else { return Self { starts, items: Vec::new() } };
        let mut items = vec![any; starts[groups] as usize];
        let mut next = starts.clone();
        for (group, item) in pairs {
            let place = &mut next[group as usize];
            items[*place as usize] = item;
            *place += 1;
        }
        Self { starts, items }
    }

    /// The list of a number.
    pub(crate) fn of(&self, group: u32) -> &[T] {
        &self.items[self.range(group)]
    }

    /// How many lists there are.
    pub(crate) fn groups(&self) -> u32 {
        u32::try_from(self.starts.len() - 1).expect("groups are numbered with 32 bits")
    }

    /// Where the list of a number lies among all items, and where the place of an item is among all.
    pub(crate) fn range(&self, group: u32) -> Range<usize> {
        self.starts[group as usize] as usize..self.starts[group as usize + 1] as usize
    }

    /// All items, list after list.
    pub(crate) fn all(&self) -> &[T] {
        &self.items
    }
}

impl<T: Copy + Ord> Grouped<T> {
    /// The lists sorted, each item once.
    pub(crate) fn sorted(mut self) -> Self {
        let mut starts = vec![0_u32];
        let mut kept = 0;
        for group in 0..self.groups() {
            let range = self.range(group);
            self.items[range.clone()].sort_unstable();
            let first = kept;
            for place in range {
                if kept == first || self.items[kept - 1] != self.items[place] {
                    self.items[kept] = self.items[place];
                    kept += 1;
                }
            }
            starts.push(u32::try_from(kept).expect("there are no more items than before"));
        }
        self.items.truncate(kept);
        Self { starts, items: self.items }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_its_list() {
        let lists = Grouped::new(4, &[(2, 'b'), (0, 'x'), (2, 'a'), (2, 'b')]);
        assert_eq!((lists.of(0), lists.of(1), lists.of(2)), (&['x'][..], &[][..], &['b', 'a', 'b'][..]));
        assert!(lists.of(3).is_empty());
        let sorted = lists.sorted();
        assert_eq!((sorted.of(0), sorted.of(2), sorted.all()), (&['x'][..], &['a', 'b'][..], &['x', 'a', 'b'][..]));
        assert!(Grouped::<u8>::new(2, &[]).sorted().of(1).is_empty());
    }
}
