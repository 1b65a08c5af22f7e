//! Two maps side by side.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Every key of either map in order, with what each of them has under it. Both are walked once.
pub fn pairs<'a, K: Ord, A, B>(
    one: &'a BTreeMap<K, A>,
    other: &'a BTreeMap<K, B>,
) -> impl Iterator<Item = (&'a K, Option<&'a A>, Option<&'a B>)> {
    let (mut ones, mut others) = (one.iter().peekable(), other.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (ones.peek(), others.peek()) {
            (None, None) => return None,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            // Revisions share their keys, and keys that are one in memory are found to be equal without reading them.
            (Some((one, _)), Some((other, _))) if one == other => Ordering::Equal,
            (Some((one, _)), Some((other, _))) => one.cmp(other),
        };
        let one = if order.is_le() { ones.next() } else { None };
        let other = if order.is_ge() { others.next() } else { None };
        let key = one.map(|(key, _)| key).or(other.map(|(key, _)| key))?;
        Some((key, one.map(|(_, value)| value), other.map(|(_, value)| value)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_either_map_comes_once_and_in_order() {
        let one = BTreeMap::from([(1, 'a'), (3, 'c'), (4, 'd')]);
        let other = BTreeMap::from([(0, "z"), (3, "y"), (5, "x")]);
        let both: Vec<_> = pairs(&one, &other).map(|(key, one, other)| (*key, one.copied(), other.copied())).collect();
        let expected = [
            (0, None, Some("z")),
            (1, Some('a'), None),
            (3, Some('c'), Some("y")),
            (4, Some('d'), None),
            (5, None, Some("x")),
        ];
        assert_eq!(both, expected);
    }
}
