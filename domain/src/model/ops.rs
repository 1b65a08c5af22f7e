//! What is done with an element: a set of a few words, small enough to lie in the holding itself.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::element::Op;

/// A set of [`Op`]s. Iterates in their order.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Ops(u16);

const _: () = assert!(Op::ALL.len() <= 16, "one bit for each");

impl Ops {
    /// Whether this is done.
    #[must_use]
    pub const fn contains(self, op: Op) -> bool {
        self.0 & Self::bit(op) != 0
    }

    /// Adds one; false where it was there.
    pub const fn insert(&mut self, op: Op) -> bool {
        let new = !self.contains(op);
        self.0 |= Self::bit(op);
        new
    }

    /// Whether nothing is done.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is done, in the order of [`Op::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Op> {
        Op::ALL.iter().copied().filter(move |op| self.contains(*op))
    }

    const fn bit(op: Op) -> u16 {
        1 << op as u16
    }
}

impl FromIterator<Op> for Ops {
    fn from_iter<I: IntoIterator<Item = Op>>(ops: I) -> Self {
        let mut all = Self::default();
        all.extend(ops);
        all
    }
}

impl Extend<Op> for Ops {
    fn extend<I: IntoIterator<Item = Op>>(&mut self, ops: I) {
        for op in ops {
            self.insert(op);
        }
    }
}

impl<const N: usize> From<[Op; N]> for Ops {
    fn from(ops: [Op; N]) -> Self {
        ops.into_iter().collect()
    }
}

impl std::fmt::Debug for Ops {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Ops {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Ops {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<Op>::deserialize(from)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ops_are_a_set_in_the_order_of_their_list() {
        let mut ops = Ops::from([Op::Transmit, Op::Store, Op::Store]);
        assert!(ops.contains(Op::Store) && !ops.contains(Op::Process));
        assert!(ops.insert(Op::Process) && !ops.insert(Op::Process));
        let listed: Vec<Op> = ops.iter().collect();
        assert!(listed.is_sorted() && listed.len() == 3, "{ops:?}");
        assert!(Ops::default().is_empty());
    }
}
