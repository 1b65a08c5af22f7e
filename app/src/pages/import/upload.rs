//! The page on which a file is chosen, with what files may hold.

use domain::import::columns::{Columns, FlowColumn, SystemColumn};
use domain::problem::Problem;
use leptos::prelude::*;

use super::super::frame::{Screen, Section};
use super::super::request::Request;
use super::importing;
use crate::ui::form::{FormState, problem_box};
use crate::ui::header::{self, Header};
use crate::ui::icon::icon;
use crate::ui::link::encoded;

/// The page on which a file is chosen.
pub(in super::super) async fn page(request: Request) -> Result<Screen, Problem> {
    let place = importing(&request).await?;
    let form = request.form(Vec::new);
    let lede = "Nothing is stored before you have seen what would change.";
    let body = view! {
        {Header::new("Import")
            .lede(lede)
            .actions(view! {
                {header::action(place.paths.page("recognise"), "search", "Read a specification or sample", false)}
                {header::action(place.paths.page("observations"), "eye", "Observations", false)}
            })
            .view()}
        {rejected(&form)}
        {request.general_problem().filter(|_| form.values("rejection").next().is_none())}
        {form.summary(|name| (name == "file").then(|| "File".to_owned()))}
        <form class="form" method="post" action=place.paths.page("import") enctype="multipart/form-data">
            <div class="field">
                <label for="f-file">"File"</label>
                <p class="hint" id="f-file-hint">
                    "CSV of systems or of flows, or a model file (JSON or YAML). At most 32 MiB and 200,000 rows."
                </p>
                <input class="input" id="f-file" type="file" name="file" required=true aria-describedby="f-file-hint"
                    accept=".csv,.tsv,.json,.yaml,.yml,text/csv,application/json"/>
            </div>
            <div class="button-row"><button class="button primary">{icon("upload")}"Read the file"</button></div>
        </form>
        {formats()}
    };
    Ok(Screen::inside(&place, Section::Import, "Import", body))
}

/// What was wrong with a file that could not be read, one sentence each.
fn rejected(form: &FormState) -> Option<AnyView> {
    let sentences: Vec<_> = form.values("rejection").map(|it| view! { <li>{it.to_owned()}</li> }).collect();
    (!sentences.is_empty()).then(|| {
        problem_box(view! { <p>"The file was not read. Correct it and choose it again."</p><ul>{sentences}</ul> })
    })
}

/// An example of a file of systems.
const SYSTEMS: &str =
    "id,name,kind,segment,boundary\ncheckout,Checkout service,service,,own\npsp,Payment provider,psp,,third_party\n";
/// An example of a file of flows, whose ends are the systems of the other example.
const FLOWS: &str = "source,target,protocol,fields\ncheckout,psp,https,card.number;card.cvc;order.id\n";

/// What files may hold.
fn formats() -> AnyView {
    view! {
        <section class="section" aria-labelledby="formats">
            <h2 id="formats">"What files may hold"</h2>
            <p>
                "A model file, as \u{201c}Export the model\u{201d} writes it. Or a table with one line of column names. \
                 Only the ends of a flow are needed; names of fields on the wire are recognised, and you confirm each. A \
                 file never erases what it leaves out, and the same file a second time changes nothing."
            </p>
            {example("Systems", "systems.csv", SYSTEMS, columns::<SystemColumn>())}
            {example("Flows", "flows.csv", FLOWS, columns::<FlowColumn>())}
        </section>
    }
    .into_any()
}

fn example(label: &'static str, file: &'static str, content: &'static str, columns: String) -> AnyView {
    let href = format!("data:text/csv;charset=utf-8,{}", encoded(content));
    view! {
        <details>
            <summary>{format!("A table of {}", label.to_lowercase())}</summary>
            <p>
                "Columns: "
                <code>{columns}</code>
                ", owner, and every other registered fact by its name. Semicolons divide several values in one cell."
            </p>
            <pre>{content}</pre>
            <p><a class="button" href=href download=file>{icon("download")}{format!("Download {file}")}</a></p>
        </details>
    }
    .into_any()
}

/// The names of the columns.
fn columns<C: Columns>() -> String {
    C::COLUMNS.iter().map(|column| column.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::import::{Choices, Limits, plan, preview, read};
    use domain::model::Model;

    #[test]
    fn the_examples_are_files_that_can_be_imported() {
        let mut model = Model::default();
        for (file, content) in [("systems.csv", SYSTEMS), ("flows.csv", FLOWS)] {
            let reading = read(file, content.as_bytes(), &Limits::browser()).expect("the example can be read");
            let preview = preview(&reading, &model, &Choices::proposed(&reading));
            assert_eq!((preview.rejected, preview.undeclared.len()), (0, 0), "{file}: {:?}", preview.entries);
            assert!(preview.new > 0, "{file}");
            let objects = plan(&reading, &model, &Choices::proposed(&reading)).expect("nothing is rejected");
            objects.into_iter().for_each(|object| model.put(object));
        }
        assert_eq!(model.flows.len(), 1);
    }
}
