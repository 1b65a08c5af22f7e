//! The ratings of a form: steps, or in the scheme that has them factors.

use crate::model::draft::fields::Fields;
use crate::problem::FieldCode;
use crate::risk::record::Stand;
use crate::risk::scheme::factors::{self, COUNT};
use crate::risk::scheme::{Factors, Rating, Scheme, Step};

/// Whether a field of the form belongs to one of the three ratings.
#[must_use]
pub fn is_rating(name: &str) -> bool {
    let Some((stand, rest)) = name.split_once('_') else { return false };
    let of_side = |side: &str, list: [(&str, &str); COUNT]| {
        rest == side
            || rest
                .strip_prefix(side)
                .and_then(|rest| rest.strip_prefix('_'))
                .is_some_and(|factor| list.iter().any(|(name, _)| *name == factor))
    };
    stand.parse::<Stand>().is_ok() && (of_side("likelihood", factors::LIKELIHOOD) || of_side("impact", factors::IMPACT))
}

/// A rating: likelihood and impact as steps, or in the scheme that has them as factors. Both or none.
pub(super) fn read(fields: &mut Fields<'_>, stand: Stand, as_it_was: Option<Rating>, scheme: Scheme) -> Option<Rating> {
    if scheme == Scheme::Owasp
        && let Some(by_factors) = by_factors(fields, stand)
    {
        return by_factors.map(Rating::of_factors);
    }
    let names = [format!("{stand}_likelihood"), format!("{stand}_impact")];
    if names.iter().all(|name| fields.posted(name).is_none()) {
        return as_it_was;
    }
    let was = [as_it_was.map(Rating::likelihood), as_it_was.map(Rating::impact)];
    let mut steps: [Option<Step>; 2] = [None; 2];
    for ((name, was), step) in names.iter().zip(was).zip(&mut steps) {
        *step = match fields.posted(name) {
            None => was,
            Some("") => None,
            Some(text) => {
                let read = text.parse().ok().and_then(Step::new).filter(|it| it.number() <= scheme.steps());
                if read.is_none() {
                    fields.error(name, FieldCode::NotInList);
                }
                read
            }
        };
    }
    let written = |name: &String, fields: &Fields<'_>| fields.posted(name).is_some_and(|text| !text.is_empty());
    match steps {
        [Some(likelihood), Some(impact)] => {
            let factors = as_it_was.filter(|it| (it.likelihood(), it.impact()) == (likelihood, impact));
            factors.or_else(|| Rating::new(scheme, likelihood, impact))
        }
        [one, other] => {
            for (missing, name, beside) in [(one, &names[0], &names[1]), (other, &names[1], &names[0])] {
                if missing.is_none() && written(beside, fields) {
                    fields.error(name, FieldCode::Missing);
                }
            }
            None
        }
    }
}

/// The factors of a rating, where the form has any; `Some(None)` where they are all empty or some are wrong.
fn by_factors(fields: &mut Fields<'_>, stand: Stand) -> Option<Option<Factors>> {
    let mut sides = [[None::<u8>; COUNT]; 2];
    let (mut posted, mut filled) = (false, false);
    let lists = [("likelihood", factors::LIKELIHOOD), ("impact", factors::IMPACT)];
    for ((side, list), scores) in lists.iter().zip(&mut sides) {
        for ((name, _), score) in list.iter().zip(scores) {
            let name = format!("{stand}_{side}_{name}");
            let Some(text) = fields.posted(&name) else { continue };
            posted = true;
            if text.is_empty() {
                continue;
            }
            filled = true;
            *score = text.parse().ok().filter(|score| *score <= factors::MOST);
            if score.is_none() {
                fields.error(&name, FieldCode::NotInList);
            }
        }
    }
    if !posted {
        return None;
    }
    if !filled {
        return Some(None);
    }
    for ((side, list), scores) in lists.iter().zip(&sides) {
        for ((name, _), _) in list.iter().zip(scores).filter(|(_, score)| score.is_none()) {
            fields.error(&format!("{stand}_{side}_{name}"), FieldCode::Missing);
        }
    }
    let full = |scores: [Option<u8>; COUNT]| scores.map(Option::unwrap_or_default);
    Some(Factors::new(full(sides[0]), full(sides[1])))
}
