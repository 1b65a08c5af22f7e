//! Zones: which network segments count as one because nothing separates them.

use std::collections::BTreeSet;

use super::index::Index;
use crate::model::Model;
use crate::model::relations::LinkPolicy;

/// The zone of each segment: the number of the zone's smallest segment, by the segments' own numbers.
///
/// Declared open links join segments. With `strict_flat` every pair without a link joins as well, because
/// segmentation that nobody declared is segmentation that nobody tested.
pub(super) fn zones(model: &Model, segments: &Index<'_>) -> Vec<u32> {
    let mut sets = DisjointSets::new(segments.len());
    let mut declared: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); segments.len()];
    for link in model.links.values() {
        let (Some(a), Some(b)) = (segments.get(link.key.a().as_str()), segments.get(link.key.b().as_str())) else {
            continue;
        };
        declared[a as usize].insert(b);
        declared[b as usize].insert(a);
        if link.policy == LinkPolicy::Open {
            sets.join(a, b);
        }
    }
    if model.settings.strict_flat {
        join_undeclared(&declared, &mut sets);
    }
    (0..segments.count()).map(|segment| sets.smallest(segment)).collect()
}

/// Joins every pair that no link declares. Each segment leaves the list of those not yet reached once, and stays
/// in it only for declared links, so this takes no more steps than there are segments and links.
fn join_undeclared(declared: &[BTreeSet<u32>], sets: &mut DisjointSets) {
    let mut unreached: Vec<u32> = (0..u32::try_from(declared.len()).unwrap_or(u32::MAX)).collect();
    while let Some(start) = unreached.pop() {
        let mut open = vec![start];
        while let Some(segment) = open.pop() {
            unreached.retain(|other| {
                let undeclared = !declared[segment as usize].contains(other);
                if undeclared {
                    sets.join(segment, *other);
                    open.push(*other);
                }
                !undeclared
            });
        }
    }
}

/// Union-find whose representative is the smallest member.
struct DisjointSets {
    parent: Vec<u32>,
}

impl DisjointSets {
    fn new(count: usize) -> Self {
        Self { parent: (0..u32::try_from(count).unwrap_or(u32::MAX)).collect() }
    }

    fn smallest(&mut self, member: u32) -> u32 {
        let mut root = member;
        while self.parent[root as usize] != root {
            root = self.parent[root as usize];
        }
        let mut at = member;
        while self.parent[at as usize] != root {
            at = std::mem::replace(&mut self.parent[at as usize], root);
        }
        root
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.smallest(one), self.smallest(other));
        self.parent[one.max(other) as usize] = one.min(other);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::reader::read_json;

    fn zones_of(settings: &str, links: &str) -> Vec<u32> {
        let text = format!(
            r#"{{"settings":{{{settings}}},"segments":[{{"id":"a"}},{{"id":"b"}},{{"id":"c"}},{{"id":"d"}}],
                "segment_links":[{links}]}}"#
        );
        let model = read_json(text.as_bytes()).unwrap().0;
        let segments = Index::new(model.segments.keys().map(|id| id.as_str()));
        zones(&model, &segments)
    }

    #[test]
    fn open_links_join_and_an_undeclared_pair_counts_as_filtered() {
        let links = r#"{"a":"b","b":"d","policy":"open"},{"a":"c","b":"a","policy":"filtered"}"#;
        assert_eq!(zones_of("", links), [0, 1, 2, 1]);
    }

    #[test]
    fn in_strict_mode_only_declared_links_separate() {
        let all_denied_from_a = r#"{"a":"a","b":"b","policy":"denied"},{"a":"a","b":"c","policy":"denied"},
            {"a":"a","b":"d","policy":"filtered"}"#;
        assert_eq!(zones_of(r#""strict_flat":true"#, all_denied_from_a), [0, 1, 1, 1]);
        assert_eq!(zones_of(r#""strict_flat":true"#, ""), [0, 0, 0, 0]);
        let around = r#"{"a":"a","b":"b","policy":"filtered"}"#;
        assert_eq!(zones_of(r#""strict_flat":true"#, around), [0, 0, 0, 0]);
    }
}
