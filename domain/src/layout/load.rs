//! How many lines run along a gutter: counts that a line raises over a stretch, and the highest count of a stretch.

/// Counts over the positions of one gutter, as a tree of stretches, so that a long line costs no more than a short one.
/// Stretch 1 is the whole gutter, `2s` and `2s + 1` are the halves of stretch `s`, and the last ones single positions.
pub(super) struct Load {
    /// The number of the stretch that is position 0.
    first: usize,
    /// The highest count within every stretch, without what was raised for a stretch around it.
    highest: Vec<u32>,
    /// What was raised for all of a stretch at once.
    raised: Vec<u32>,
}

impl Load {
    pub(super) fn new(positions: usize) -> Self {
        let first = positions.max(1).next_power_of_two();
        Self { first, highest: vec![0; 2 * first], raised: vec![0; 2 * first] }
    }

    /// The highest count between two positions, both included.
    pub(super) fn highest(&self, low: usize, high: usize) -> u32 {
        let (mut left, mut right) = (self.first + low, self.first + high);
        let (mut on_left, mut on_right) = (self.highest[left], self.highest[right]);
        while left / 2 != right / 2 {
            if left.is_multiple_of(2) {
                on_left = on_left.max(self.highest[left + 1]);
            }
            if !right.is_multiple_of(2) {
                on_right = on_right.max(self.highest[right - 1]);
            }
            (left, right) = (left / 2, right / 2);
            on_left += self.raised[left];
            on_right += self.raised[right];
        }
        let around = std::iter::successors(Some(left / 2), |stretch| Some(stretch / 2)).take_while(|it| *it > 0);
        on_left.max(on_right) + around.map(|stretch| self.raised[stretch]).sum::<u32>()
    }

    /// One line more between two positions, both included.
    pub(super) fn raise(&mut self, low: usize, high: usize) {
        let (mut left, mut right) = (self.first + low, self.first + high);
        self.raise_all(left);
        if left != right {
            self.raise_all(right);
        }
        while left / 2 != right / 2 {
            if left.is_multiple_of(2) {
                self.raise_all(left + 1);
            }
            if !right.is_multiple_of(2) {
                self.raise_all(right - 1);
            }
            (left, right) = (left / 2, right / 2);
            self.renew(left);
            self.renew(right);
        }
        let mut around = left / 2;
        while around > 0 {
            self.renew(around);
            around /= 2;
        }
    }

    fn raise_all(&mut self, stretch: usize) {
        self.highest[stretch] += 1;
        self.raised[stretch] += 1;
    }

    /// The highest count of a stretch from those of its halves.
    fn renew(&mut self, stretch: usize) {
        let halves = self.highest[2 * stretch].max(self.highest[2 * stretch + 1]);
        self.highest[stretch] = halves + self.raised[stretch];
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
