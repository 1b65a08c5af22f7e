//! On which scale a file rates, and what its steps become on that of the register.

use domain::risk::scheme::convert::{Conversion, Way};
use domain::risk::sheet::{Axis, Choices, Laid, SCALES, SourceScale, Table, source_scale};
use domain::risk::{Scheme, Step};
use leptos::prelude::*;

use crate::ui::field::field;
use crate::ui::form::FormState;

/// A side of the ratings in words, by its name in a form.
pub(super) fn side(name: &str) -> Option<&'static str> {
    name.parse().ok().map(Axis::label)
}

/// The scales of both sides; nothing where no column rates.
pub(super) fn view(table: &Table, choices: &Choices, scheme: Scheme, form: &FormState) -> Option<AnyView> {
    let sides: Vec<_> = Axis::ALL
        .iter()
        .filter_map(|axis| {
            let found = source_scale(table, &choices.mapping, *axis, None)?;
            let scale = choices.answers.scale(*axis).unwrap_or(found);
            Some(of_side(*axis, (found, scale), scheme, form))
        })
        .collect();
    (!sides.is_empty()).then(|| {
        let register = format!("This register rates in {} steps: {}.", scheme.steps(), steps_of(scheme));
        view! {
            <section class="section" aria-labelledby="scales">
                <h2 id="scales">"What the ratings mean"</h2>
                <p>{register}</p>
                {sides}
            </section>
        }
        .into_any()
    })
}

fn steps_of(scheme: Scheme) -> String {
    let step = |step: Step| format!("{} {}", step.number(), scheme.step_label(step).to_lowercase());
    Step::scale(scheme.steps()).map(step).collect::<Vec<_>>().join(", ")
}

fn of_side(axis: Axis, (found, scale): (SourceScale, SourceScale), scheme: Scheme, form: &FormState) -> AnyView {
    let words = |scale: SourceScale| format!("From {} to {}", scale.lowest, scale.highest);
    let how = if found.stated { "as the header says" } else { "as far as its cells go" };
    let options: Vec<(String, String)> = SCALES.into_iter().map(|it| (it.to_string(), words(it))).collect();
    let said =
        format!("Found: from {} to {}, {how}. Where that is wrong, choose the right one.", found.lowest, found.highest);
    let lay = if scale.steps() == scheme.steps() { same(scale) } else { lay(axis, scale, scheme, form) };
    view! {
        <fieldset class="form-part">
            <legend>{axis.label()}</legend>
            {field(form, format!("scale.{axis}"), format!("{} in the file", axis.label()))
                .hint(said)
                .select(Some("As it was found"), &options)}
            {lay}
        </fieldset>
    }
    .into_any()
}

/// The scales have the same steps; where they are counted from 0 that is said.
fn same(scale: SourceScale) -> AnyView {
    let sentence = match scale.lowest {
        1 => "Its steps are those of this register.".to_owned(),
        lowest => format!("It has as many steps as this register: {lowest} becomes 1, {} becomes 2.", lowest + 1),
    };
    view! { <p class="hint">{sentence}</p> }.into_any()
}

/// What each step becomes: in one of two ways, or one by one.
fn lay(axis: Axis, scale: SourceScale, scheme: Scheme, form: &FormState) -> AnyView {
    let by = |laid: Laid, way: Way| {
        let becomes = Conversion::by(way, scale.steps(), scheme);
        let pairs = becomes.pairs().map(|(step, to)| format!("{} becomes {}", scale.lowest + step - 1, to.number()));
        (laid.as_str().to_owned(), format!("{}: {}", laid.label(), pairs.collect::<Vec<_>>().join(", ")))
    };
    let ways = [
        by(Laid::Spread, Way::Spread),
        by(Laid::Centre, Way::Centre),
        (Laid::Own.as_str().to_owned(), Laid::Own.label().to_owned()),
    ];
    let steps: Vec<(String, String)> = Step::scale(scheme.steps())
        .map(|step| (step.number().to_string(), format!("{} {}", step.number(), scheme.step_label(step))))
        .collect();
    let each: Vec<_> = (1..=scale.steps())
        .map(|step| {
            let label = format!("{} {} becomes", axis.label(), scale.lowest + step - 1);
            field(form, format!("step.{axis}.{step}"), label).select(Some("Choose"), &steps)
        })
        .collect();
    let chosen = form.value(&format!("way.{axis}")) == Laid::Own.as_str();
    view! {
        {field(form, format!("way.{axis}"), "What its steps become").select(Some("Choose"), &ways)}
        <details open=chosen>
            <summary>"Choose for each step"</summary>
            <div class="field-row">{each}</div>
        </details>
    }
    .into_any()
}
