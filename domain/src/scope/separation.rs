//! What keeps an out-of-scope system out: the relations to the scope that a control has to hold back.

use super::graph::Graph;
use super::verdict::{Category, Sub};
use crate::model::relations::{How, LinkPolicy};
use crate::model::segment::Link;

/// Categories of a run, with what follows from them for whole segments and zones.
pub(super) struct Estate<'m> {
    categories: Vec<Category>,
    /// Segments that hold a CDE system of ours.
    cde_segments: Vec<bool>,
    /// Zones that hold a system of ours that is in scope without being CDE.
    pivot_zones: Vec<bool>,
    /// Links that let less than everything through, by each of their segments: the other segment, and the link.
    separating_links: Vec<Vec<(u32, &'m Link)>>,
}

/// One thing that would bring a system into scope if nothing held it back.
pub(super) enum Ground<'m> {
    /// A flow joins it with a system in scope.
    Flow { flow: u32, other: u32 },
    /// It manages a system in scope.
    Manages { how: How, target: u32 },
    /// A link separates its segment from a segment of the CDE.
    Link { link: &'m Link, cde_segment: u32 },
    /// Its own segment holds CDE systems, and denies everything between its members.
    Microsegmentation { segment: u32 },
}

impl Ground<'_> {
    /// The order in which grounds are told: by kind, then by key.
    pub(super) fn order(&self) -> (u8, u32, &str) {
        match self {
            Self::Flow { flow, .. } => (0, *flow, ""),
            Self::Manages { how, target } => (1, *target, how.as_str()),
            Self::Link { cde_segment, .. } => (2, *cde_segment, ""),
            Self::Microsegmentation { segment } => (3, *segment, ""),
        }
    }
}

impl<'m> Estate<'m> {
    /// The categories are those of the graph's systems, in their order.
    pub(super) fn new(graph: &Graph<'m>, categories: Vec<Category>) -> Self {
        let mut cde_segments = vec![false; graph.segments.len()];
        let mut pivot_zones = vec![false; graph.zone_members.len()];
        for (node, category) in graph.nodes.iter().zip(&categories).filter(|(node, _)| node.is_own()) {
            if let (Category::Cde, Some(segment)) = (category, node.segment) {
                cde_segments[segment as usize] = true;
            }
            if let (true, Some(zone)) = (category.in_scope() && *category != Category::Cde, node.zone) {
                pivot_zones[zone as usize] = true;
            }
        }
        let mut separating_links = vec![Vec::new(); graph.segments.len()];
        for link in graph.model.links.values().filter(|link| link.policy != LinkPolicy::Open) {
            let ends = (graph.segments.get(link.key.a().as_str()), graph.segments.get(link.key.b().as_str()));
            let (Some(a), Some(b)) = ends else { continue };
            if a != b {
                separating_links[a as usize].push((b, &**link));
                separating_links[b as usize].push((a, &**link));
            }
        }
        Self { categories, cde_segments, pivot_zones, separating_links }
    }

    /// The category of a system.
    pub(super) fn category(&self, system: u32) -> Category {
        self.categories[system as usize]
    }

    fn own_in_scope(&self, graph: &Graph<'_>, system: u32) -> bool {
        graph.nodes[system as usize].is_own() && self.categories[system as usize].in_scope()
    }

    /// `segmented` where anything has to be held back, else `isolated`.
    pub(super) fn sub_when_out(&self, graph: &Graph<'m>, system: u32) -> Sub {
        if self.grounds(graph, system).next().is_some() { Sub::Segmented } else { Sub::Isolated }
    }

    /// Whether it shares a zone with a system of ours that is in scope and not CDE.
    pub(super) fn risks_a_pivot(&self, graph: &Graph<'_>, system: u32) -> bool {
        graph.nodes[system as usize].zone.is_some_and(|zone| self.pivot_zones[zone as usize])
    }

    /// What has to be held back from a system that is out of scope.
    pub(super) fn grounds(&self, graph: &Graph<'m>, system: u32) -> impl Iterator<Item = Ground<'m>> {
        let node = graph.nodes[system as usize];
        let flows = graph
            .neighbours(system)
            .filter(|it| self.own_in_scope(graph, it.node))
            .map(|it| Ground::Flow { flow: it.connection.flow, other: it.node });
        let managed = graph
            .managed(system)
            .filter(|(target, _)| self.own_in_scope(graph, *target))
            .map(|(target, how)| Ground::Manages { how, target });
        let links = node
            .segment
            .into_iter()
            .flat_map(|segment| &self.separating_links[segment as usize])
            .filter(|(other, _)| self.cde_segments[*other as usize])
            .map(|(other, link)| Ground::Link { link, cde_segment: *other });
        let microsegmented = node
            .segment
            .filter(|segment| node.microsegmented && self.cde_segments[*segment as usize])
            .map(|segment| Ground::Microsegmentation { segment });
        flows.chain(managed).chain(links).chain(microsegmented)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{model, verdict};
    use super::super::verdict::Flag;
    use super::*;
    use crate::scope::compute;

    #[test]
    fn only_a_declared_link_to_a_cde_segment_makes_it_segmented() {
        let with = |links: &str| {
            let members = format!(
                r#""systems":[{{"id":"cde","segment":"c","holdings":[{{"element":"pan"}}]}},{{"id":"v","segment":"s"}}],
                    "segment_links":[{links}]"#
            );
            verdict(&members, "v").sub
        };
        assert_eq!(with(""), Some(Sub::Isolated));
        assert_eq!(with(r#"{"a":"s","b":"c","policy":"denied"}"#), Some(Sub::Segmented));
        assert_eq!(with(r#"{"a":"s","b":"other","policy":"filtered"}"#), Some(Sub::Isolated));
    }

    #[test]
    fn an_offline_flow_or_being_managed_is_no_relation_that_a_control_holds_back() {
        let members = r#""systems":[{"id":"cde","holdings":[{"element":"pan"}],
            "manages":[{"target":"v","how":"admin"}]},{"id":"v"}],
            "flows":[{"from":"cde","to":"v","channel":"offline"}]"#;
        assert_eq!(verdict(members, "v").sub, Some(Sub::Isolated));
    }

    #[test]
    fn a_neighbour_in_scope_that_is_no_cde_system_is_a_pivot() {
        let members = r#""systems":[{"id":"cde","holdings":[{"element":"pan"}]},{"id":"v","segment":"s"},
            {"id":"in","segment":"s"}],"flows":[{"from":"in","to":"cde"}]"#;
        let scope = compute(&model(members));
        assert!(scope.systems["v"].flags.contains(&Flag::PivotRisk));
        assert!(scope.systems["in"].flags.is_empty());
    }
}
