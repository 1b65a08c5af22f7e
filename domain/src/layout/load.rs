//! How many lines run along a gutter: counts that a line raises over a stretch, and the highest count of a stretch.

/// Counts over the positions of one gutter, as a tree of stretches, so that a long line costs no more than a short one.
pub(super) struct Load {
    positions: usize,
    /// The highest count within every stretch, what was raised for all of it at once included.
    highest: Vec<u32>,
    /// What was raised for all of a stretch at once.
    raised: Vec<u32>,
}

/// One stretch of the tree: its number and its positions.
#[derive(Clone, Copy)]
struct Stretch {
    number: usize,
    low: usize,
    high: usize,
}

impl Stretch {
    fn halves(self) -> [Self; 2] {
        let middle = usize::midpoint(self.low, self.high);
        [
            Self { number: 2 * self.number, low: self.low, high: middle },
            Self { number: 2 * self.number + 1, low: middle + 1, high: self.high },
        ]
    }
}

impl Load {
    pub(super) fn new(positions: usize) -> Self {
        let positions = positions.max(1);
        let stretches = 2 * positions.next_power_of_two();
        Self { positions, highest: vec![0; stretches], raised: vec![0; stretches] }
    }

    /// The highest count between two positions, both included.
    pub(super) fn highest(&self, low: usize, high: usize) -> u32 {
        self.highest_in(self.whole(), low, high)
    }

    /// One line more between two positions, both included.
    pub(super) fn raise(&mut self, low: usize, high: usize) {
        self.raise_in(self.whole(), low, high);
    }

    const fn whole(&self) -> Stretch {
        Stretch { number: 1, low: 0, high: self.positions - 1 }
    }

    fn highest_in(&self, stretch: Stretch, low: usize, high: usize) -> u32 {
        if high < stretch.low || stretch.high < low {
            return 0;
        }
        if low <= stretch.low && stretch.high <= high {
            return self.highest[stretch.number];
        }
        let [first, second] = stretch.halves();
        self.raised[stretch.number] + self.highest_in(first, low, high).max(self.highest_in(second, low, high))
    }

    fn raise_in(&mut self, stretch: Stretch, low: usize, high: usize) {
        if high < stretch.low || stretch.high < low {
            return;
        }
        if low <= stretch.low && stretch.high <= high {
            self.raised[stretch.number] += 1;
            self.highest[stretch.number] += 1;
            return;
        }
        let [first, second] = stretch.halves();
        self.raise_in(first, low, high);
        self.raise_in(second, low, high);
        self.highest[stretch.number] =
            self.raised[stretch.number] + self.highest[first.number].max(self.highest[second.number]);
    }
}

#[cfg(test)]
mod tests {
    use super::Load;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_tree_counts_like_a_plain_list(
            positions in 1_usize..40,
            lines in prop::collection::vec((0_usize..40, 0_usize..40), 0..40),
            asked in (0_usize..40, 0_usize..40),
        ) {
            let within = |(one, other): (usize, usize)| {
                let (one, other) = (one.min(positions - 1), other.min(positions - 1));
                (one.min(other), one.max(other))
            };
            let (mut tree, mut list) = (Load::new(positions), vec![0_u32; positions]);
            for line in lines {
                let (low, high) = within(line);
                tree.raise(low, high);
                list[low..=high].iter_mut().for_each(|count| *count += 1);
            }
            let (low, high) = within(asked);
            prop_assert_eq!(tree.highest(low, high), list[low..=high].iter().max().copied().unwrap_or(0));
        }
    }
}
