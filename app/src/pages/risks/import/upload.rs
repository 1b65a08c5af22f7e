//! The page on which a register is chosen, with what files may hold.

use domain::problem::Problem;
use domain::risk::sheet::Column;
use leptos::prelude::*;

use super::super::super::frame::{Screen, Section};
use super::super::super::import::importing;
use super::super::super::request::Request;
use crate::ui::field::{Input, field};
use crate::ui::form::{FormState, problem_box};
use crate::ui::header::Header;
use crate::ui::icon::icon;
use crate::ui::link::encoded;

const LEDE: &str = "A register that you keep elsewhere becomes part of this one. Nothing is stored before you have seen \
    what would change.";

/// The page on which a register is chosen.
pub(in super::super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let form = request.form(Vec::new);
    let body = view! {
        {Header::new("Import a register").below(place.paths.page("risks"), "Risks").lede(LEDE).view()}
        {rejected(&form)}
        {request.general_problem().filter(|_| form.values("rejection").next().is_none())}
        {form.summary(|name| (name == "file").then(|| "File".to_owned()))}
        <form class="form" method="post" action=place.paths.page("risks/import") enctype="multipart/form-data">
            <div class="field">
                <label for="f-file">"File"</label>
                <p class="hint" id="f-file-hint">
                    "CSV, or an Excel workbook (.xlsx). At most 32 MiB, 50,000 rows and 200 columns."
                </p>
                <input class="input" id="f-file" type="file" name="file" required=true aria-describedby="f-file-hint"
                    accept=".csv,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>
            </div>
            {field(&form, "sheet", "Sheet")
                .optional()
                .hint("Of a workbook: the name of the sheet. Empty for the first.")
                .input(Input { most: 100, ..Input::default() })}
            <div class="button-row"><button class="button primary">{icon("upload")}"Read the file"</button></div>
        </form>
        {format()}
    };
    Ok(Screen::inside(&place, Section::Risks, "Import a register", body))
}

/// What was wrong with a file that could not be read.
fn rejected(form: &FormState) -> Option<AnyView> {
    let sentences: Vec<_> = form.values("rejection").map(|it| view! { <li>{it.to_owned()}</li> }).collect();
    (!sentences.is_empty()).then(|| {
        problem_box(view! { <p>"The file was not read. Correct it and choose it again."</p><ul>{sentences}</ul> })
    })
}

/// An example of a register.
const EXAMPLE: &str = "ID,Title,Description,Category,Likelihood (1-5),Impact (1-5),Treatment,Status,Next review\n\
    P-1,Cards in the log,Full card numbers are written to the log of the checkout,confidentiality,3,5,modify,open,2027-03-31\n";

/// What files may hold.
fn format() -> AnyView {
    let meanings: Vec<_> = Column::ALL
        .iter()
        .filter(|it| !matches!(it, Column::Details))
        .map(|it| view! { <li><code>{it.as_str()}</code>" "{it.label()}</li> })
        .collect();
    let href = format!("data:text/csv;charset=utf-8,{}", encoded(EXAMPLE));
    view! {
        <section class="section" aria-labelledby="formats">
            <h2 id="formats">"What a file may hold"</h2>
            <p>
                "One row for each risk, below a row with the names of the columns. What the columns mean is proposed from \
                 their names, and you can correct it. A row with a key such as R-12, or with a reference that a risk of \
                 this register has, changes that risk; every other row becomes a new one. Empty cells erase nothing."
            </p>
            <details>
                <summary>"What a column can mean"</summary>
                <ul>{meanings}</ul>
                <pre>{EXAMPLE}</pre>
                <p><a class="button" href=href download="risks.csv">{icon("download")}"Download risks.csv"</a></p>
            </details>
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::EXAMPLE;
    use domain::import::Limits;
    use domain::model::Model;
    use domain::risk::Register;
    use domain::risk::sheet::{Around, Choices, Table, dry_run};

    #[test]
    fn the_example_is_a_register_that_can_be_imported() {
        let table = Table::from_csv("risks.csv", EXAMPLE.as_bytes(), &Limits::register()).expect("it can be read");
        let choices = Choices::proposed(&table);
        let around = Around { existing: &Default::default(), register: &Register::default(), model: &Model::default() };
        let run = dry_run(&table, &choices.mapping, &choices.answers, around);
        assert_eq!((run.questions.len(), run.rejections.len(), run.rows.len()), (0, 0, 1));
        assert!(run.ignored.is_empty());
    }
}
