//! Elements in their forms, on systems and on flows.

use super::conversion::{Conversion, PartOf, Words};
use super::gap::GapKind;
use crate::model::catalogue;
use crate::model::element::{Form, HashAlgorithm, Holding, Op, Phase, mask_positions};
use crate::model::file::HoldingShape;
use crate::model::object::ObjectKind;
use crate::model::ops::Ops;

impl Conversion {
    /// The elements of a list; without `ops` of their own, `op` is what is done with them.
    pub(super) fn holdings<T: Words>(
        &mut self,
        list: &'static str,
        kind: ObjectKind,
        shapes: Vec<HoldingShape<T>>,
        op: Op,
    ) -> Vec<Holding> {
        let mut holdings = Vec::with_capacity(shapes.len());
        for (index, shape) in shapes.into_iter().enumerate() {
            holdings.extend(self.holding(PartOf { list, index }, kind, shape, op));
        }
        holdings
    }

    fn holding<T: Words>(&mut self, part: PartOf, kind: ObjectKind, shape: HoldingShape<T>, op: Op) -> Option<Holding> {
        let Some(named) = shape.element else {
            self.gap(format_args!("{part}element"), GapKind::MissingId, "");
            return None;
        };
        let (named, text) = (named.as_ref(), shape.form);
        let form = text.map(|text| {
            text.as_ref().parse::<Form>().unwrap_or_else(|_| {
                self.gap(format_args!("{part}form"), GapKind::UnknownForm, text.as_ref());
                Form::Unknown
            })
        });
        let (element, form) = match catalogue::element(named) {
            None => {
                self.gap(format_args!("{part}element"), GapKind::UnknownElement, named);
                (named, form.unwrap_or(Form::Clear))
            }
            Some(row) => {
                let fits = form.is_none_or(|form| form == Form::Unknown || row.forms.contains(&form));
                if !fits && row.normalises_to.is_none() {
                    self.gap(format_args!("{part}form"), GapKind::FormOfElement, named);
                }
                row.normalise(form)
            }
        };
        let mask = shape.mask.map(|mask| mask_positions(mask.as_ref()));
        if let Some(mask) = mask.as_ref().filter(|mask| mask.chars().any(|c| c != 'd' && c != '*')) {
            self.gap(format_args!("{part}mask"), GapKind::BadMask, mask);
        }
        Some(Holding {
            element: self.key(element),
            form,
            ops: shape.ops.map_or_else(|| Ops::from([op]), |ops| ops.into_iter().collect()),
            key: shape.key.map(|it| self.key(it)),
            domain: shape.domain.map(|it| self.key(it)),
            alg: shape.alg.map(|text| text.as_ref().parse().unwrap_or(HashAlgorithm::Other)),
            mask,
            live: shape.live.unwrap_or(true),
            phase: shape.phase.unwrap_or(Phase::Unknown),
            records: shape.records,
            population: shape.population.map(|it| self.key(it)),
            facts: self.facts(kind, Some(part), shape.rest, &shape.fact_details),
        })
    }
}
