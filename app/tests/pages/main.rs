//! Whole pages over the sample estate, rendered as the server renders them: status, structure, escaping.
#![expect(clippy::unwrap_used, reason = "tests")]

mod calendar;
mod confirmations;
mod estate;
mod html;
mod incidents;
mod kept;
mod library;
mod own_account;
mod packs;
mod people;
mod proposals;
mod reach;
mod registers;
mod render;
mod requests;
mod reviews;
mod risks;
mod said;
mod schedules;
mod snapshots;
mod tokens;

use app::context::Submitted;
use app::ui::link::encoded;
use domain::inventory::{KINDS, address};
use domain::problem::{FieldCode, FieldError, Problem};
use domain::scope::verdict::Category;
use estate::Fake;
use html::{check, text_of};
use render::{Page, get, post};

/// Every page that a signed-in person can open in the sample workspace.
fn addresses(fake: &Fake) -> Vec<String> {
    let model = &fake.estate.model;
    let mut all: Vec<String> = [
        "/workspaces",
        "/w/shop",
        "/w/shop/map",
        "/w/shop/map?q=scope%3Acde&hops=2",
        "/w/shop/map?focus=checkout&edit=here",
        "/w/shop/systems",
        "/w/shop/systems?q=scope%3Ain%20field%3Apan&sort=-flows&size=25",
        "/w/shop/systems?q=nothing-matches",
        "/w/shop/systems/new",
        "/w/shop/flows",
        "/w/shop/flows?q=is%3Aunencrypted&sort=to",
        "/w/shop/flows/new",
        "/w/shop/elements/pan",
        "/w/shop/elements/gateway_token_single",
        "/w/shop/elements/biometric",
        "/w/shop/import",
        "/w/shop/import/staged",
        "/w/shop/recognise",
        "/w/shop/observations",
        "/w/shop/temporary",
        "/w/shop/systems/checkout/gained",
        "/w/shop/history",
        "/w/shop/findings",
        "/w/shop/findings?q=severity%3A%3E%3Dhigh%20owner%3Anone&sort=-since&size=25",
        "/w/shop/findings?list=questions",
        "/w/shop/findings?list=health",
        "/w/shop/findings?list=fixed",
        "/w/shop/requirements",
        "/w/shop/requirements?q=is%3Afinding",
        "/w/shop/requirements/3.5.1",
        "/w/shop/requirements/12.10.1",
        "/w/shop/requirements?framework=asvs&q=level%3A1&sort=-found",
        "/w/shop/requirements?framework=owasp_api",
        "/w/shop/requirements?q=nothing-matches",
        "/w/shop/requirements/asvs%3A6.2.1",
        "/w/shop/requirements/owasp_api%3AAPI2",
        "/w/shop/requirements/3.5.1/status",
        "/w/shop/frameworks",
        "/w/shop/frameworks/new",
        "/w/shop/evidence",
        "/w/shop/evidence/controls",
        "/w/shop/evidence/controls?q=unknown%3Aany%20is%3Asaid",
        "/w/shop/evidence/controls/tokenisation",
        "/w/shop/evidence/controls/checkout/tokenisation",
        "/w/shop/triage",
        "/w/shop/triage?step=decide&finding=F-SAD-STORED%20system%3Aretry_queue%20element%3Acard_verification_code",
        "/w/shop/concerns/new",
        "/w/shop/concerns/new?on=system%3Acheckout",
        "/w/shop/members",
        "/w/shop/members/b",
        "/w/shop/people",
        "/w/shop/people/new",
        "/w/shop/inventory",
        "/w/shop/inventory/links/new?a=cde&b=dmz",
        "/w/shop/inventory/controls?q=status%3Averified%20is%3Aused&sort=-last_tested&cols=kind&cols=status",
        "/w/shop/risks",
        "/w/shop/risks?q=level%3A%3E%3Dhigh%20-is%3Aclosed&sort=-due",
        "/w/shop/risks?q=nothing-matches",
        "/w/shop/risks?view=matrix",
        "/w/shop/risks?view=actions",
        "/w/shop/risks?view=actions&due=late&size=25",
        "/w/shop/risks?view=mine",
        "/w/shop/risks?view=next",
        "/w/shop/risks?view=trend",
        "/w/shop/risks?view=trend&span=months",
        "/w/shop/risks?on=1999-12-31",
        "/w/shop/risks?view=matrix&on=1999-12-31",
        "/w/shop/risks?view=matrix&stand=target",
        "/w/shop/risks?cols=money&cols=inherent&cols=links&sort=title",
        "/w/shop/risks/change",
        "/w/shop/risks/change?set=category&to=fraud",
        "/w/shop/risks/change?q=nothing&set=next_review&to=2027-01-01",
        "/w/shop/risks/import",
        "/w/shop/risks/import/five",
        "/w/shop/risks/import/three",
        "/w/shop/risks/import/reading",
        "/w/shop/risks/import/done",
        "/w/shop/risks/import/outdated",
        "/w/shop/risks/new",
        "/w/shop/risks/R-1",
        "/w/shop/risks/R-1/edit",
        "/w/shop/risks/R-2",
        "/w/shop/risks/R-1/accept",
        "/w/shop/risks/accept",
        "/w/shop/incidents",
        "/w/shop/incidents/new",
        "/w/shop/incidents/I-1",
        "/w/shop/incidents/I-1/edit",
        "/w/shop/incidents/I-1/card",
        "/w/shop/incidents/I-2",
        "/w/shop/incidents/I-2/card",
        "/w/shop/incidents/duties",
        "/w/shop/incidents/playbooks",
        "/w/shop/incidents/playbooks/new",
        "/w/shop/incidents/playbooks/1",
        "/w/shop/incidents/playbooks/1/edit",
        "/w/shop/incidents/drills",
        "/w/shop/incidents/drills/new",
        "/w/shop/incidents/drills/1",
        "/w/shop/schedules",
        "/w/shop/schedules/new",
        "/w/shop/schedules/new?subject=system%3Acheckout&cadence=1m&name=Checkout",
        "/w/shop/schedules/SCH-1",
        "/w/shop/schedules/SCH-1/edit",
        "/w/shop/schedules/SCH-2",
        "/w/shop/activities",
        "/w/shop/activities/new",
        "/w/shop/activities/ACT-1",
        "/w/shop/recovery",
        "/w/shop/analyses",
        "/w/shop/analyses/new?requirement=8.6.3",
        "/w/shop/analyses/TRA-1",
        "/w/shop/analyses/TRA-2",
        "/w/shop/analyses/TRA-1/edit",
        "/w/shop/containment",
        "/w/shop/containment?start=system:checkout&incident=I-1",
        "/w/shop/containment?start=system:moon",
        "/w/shop/containment?start=moon",
        "/w/shop/map?mode=blast&start=system:checkout",
        "/w/shop/settings",
        "/w/shop/settings/rules",
        "/w/shop/settings/risks",
        "/w/shop/tokens",
        "/w/shop/snapshots",
        "/w/shop/snapshots/snap-1",
        "/w/shop/diff",
        "/w/shop/proposals",
        "/w/shop/proposals/prop-1",
        "/w/shop/map?proposal=prop-1",
        "/w/shop/map?proposal=prop-1&mode=diff",
        "/w/shop/systems/new?proposal=prop-1",
        "/w/shop/diff?from=snap-1",
        "/w/shop/diff?from=snap-1&at=snap-1",
        "/w/shop/map?mode=diff&from=snap-1",
        "/w/shop/map?mode=diff",
        "/w/shop?at=snap-1",
        "/w/shop/map?at=snap-1",
        "/w/shop/systems?at=snap-1",
        "/w/shop/fields?at=snap-1",
        "/w/shop/findings?at=snap-1",
        "/w/shop/search?q=pay&at=snap-1",
        "/profile",
        "/admin",
        "/invite/good",
        "/accessibility",
        "/sign-in",
        "/setup",
    ]
    .map(str::to_owned)
    .to_vec();
    for id in model.systems.keys() {
        all.push(format!("/w/shop/systems/{id}"));
        all.push(format!("/w/shop/systems/{id}?second=1&flip=1"));
        all.push(format!("/w/shop/map?mode=explain&focus={id}"));
        all.push(format!("/w/shop/map?focus={id}"));
    }
    for kind in KINDS {
        all.push(format!("/w/shop/inventory/{}", kind.word));
        if !kind.is_single() {
            all.push(format!("/w/shop/inventory/{}/new", kind.word));
        }
        for object in kind.records(model) {
            let own = format!("/w/shop/inventory/{}/{}", kind.word, encoded(&address(&object.reference())));
            all.extend([own.clone(), format!("{own}/edit")]);
            if !kind.is_single() {
                let from = encoded(&address(&object.reference()));
                all.push(format!("/w/shop/inventory/{}/new?from={from}", kind.word));
            }
        }
    }
    for id in model.vendors.keys() {
        all.push(format!("/w/shop/vendors/{}/responsibility?chapter=3", encoded(id.as_str())));
    }
    for id in model.people.keys() {
        all.push(format!("/w/shop/people/{id}"));
        all.push(format!("/w/shop/people/{id}/edit"));
    }
    all.extend(model.systems.keys().take(3).map(|id| format!("/w/shop/systems/{id}/edit")));
    all.extend(model.flows.keys().map(|id| format!("/w/shop/flows/{id}")));
    all.extend(model.flows.keys().take(3).map(|id| format!("/w/shop/flows/{id}/edit")));
    all
}

#[tokio::test]
async fn every_page_is_complete_and_well_formed() {
    let fake = Fake::sample();
    for address in addresses(&fake) {
        let page = get(&fake, &address).await;
        assert_eq!(page.status, 200, "{address}");
        check(&address, &page.html);
    }
}

#[tokio::test]
async fn an_address_without_a_page_is_not_found_and_tells_nothing_apart() {
    let fake = Fake::sample();
    let mut seen = Vec::new();
    for address in [
        "/nowhere",
        "/w/other",
        "/w/shop/systems/none",
        "/w/shop/flows/none",
        "/w/shop/elements/none",
        "/w/shop/people/none",
        "/w/shop/inventory/none",
        "/w/shop/inventory/none/new",
        "/w/shop/inventory/segments/none",
        "/w/shop/inventory/links/none/edit",
        "/w/shop/members/none",
        "/w/shop/snapshots/snap-9",
        "/w/shop/snapshots/4111",
        "/w/shop/map?at=snap-9",
        "/w/shop/diff?from=now",
        "/w/shop/risks/R-99",
        "/w/shop/risks/none",
        "/w/shop/risks/none/edit",
        "/w/shop/incidents/I-99",
        "/w/shop/incidents/none/card",
        "/w/shop/incidents/playbooks/9/edit",
        "/w/shop/incidents/drills/9",
        "/w/shop/schedules/SCH-9",
        "/w/shop/schedules/9/edit",
        "/w/shop/activities/ACT-9",
        "/w/shop/requirements/6.4.1",
        "/w/shop/requirements/6.4.1/status",
        "/w/shop/requirements?framework=none",
        "/w/shop/frameworks/none",
        "/w/shop/vendors/none/responsibility",
        "/w/shop/evidence/controls/none",
        "/w/shop/evidence/controls/none/tokenisation",
        "/w/shop/analyses/TRA-9",
        "/w/shop/analyses/TRA-9/edit",
        "/w/shop/import/gone",
        "/w/shop/x/y",
    ] {
        let page = get(&fake, address).await;
        assert_eq!(page.status, 404, "{address}");
        check(address, &page.html);
        seen.push(text_of(&page.html));
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
    // A link of an invitation says what became of it, the same of each that does not hold.
    let page = get(&fake, "/invite/bad").await;
    assert_eq!(page.status, 404);
    assert!(text_of(&page.html).contains("This invitation works no longer"), "{}", page.html);
}

#[tokio::test]
async fn nobody_is_sent_to_the_sign_in_page_and_comes_back() {
    let page = get(&Fake::nobody(), "/w/shop/systems?q=scope%3Acde").await;
    assert_eq!(page.status, 303);
    assert_eq!(page.location.as_deref(), Some("/sign-in?next=%2Fw%2Fshop%2Fsystems%3Fq%3Dscope%253Acde"));
    let page = get(&Fake::nobody(), "/sign-in?next=%2Fw%2Fshop").await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains(r#"name="next" value="/w/shop""#), "{}", page.html);
}

#[tokio::test]
async fn markup_in_every_name_stays_text_and_out_of_the_title() {
    let fake = Fake::hostile();
    for address in addresses(&fake) {
        let page = get(&fake, &address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(!page.html.contains("<img src=x"), "{address}: {}", page.html);
        let title = page.html.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
        assert!(!title.contains(['<', '>', '&']), "{address}: {title}");
        check(&address, &page.html);
    }
}

fn invalid(field: &str, code: FieldCode) -> Option<Problem> {
    Some(Problem::Invalid(vec![FieldError::new(field, code)]))
}

async fn answered(fake: &Fake, address: &str, form: &[(&str, &str)], problem: Option<Problem>) -> Page {
    let form = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let page = post(fake, address, Submitted { form, problem }).await;
    check(address, &page.html);
    page
}

#[tokio::test]
async fn a_form_that_was_not_carried_out_keeps_what_was_typed_and_says_what_to_do() {
    let fake = Fake::sample();
    let form =
        [("name", ""), ("segment", "dmz"), ("owner", ""), ("fact.note", "kept \u{201c}as typed\u{201d}"), ("rev", "7")];
    let page = answered(&fake, "/w/shop/systems/new", &form, invalid("name", FieldCode::Missing)).await;
    assert_eq!(page.status, 422);
    assert!(page.html.contains("<title>Error: Add a system"), "{}", page.html);
    assert!(page.html.contains(r##"<a href="#f-name">Name: Fill in this field.</a>"##), "{}", page.html);
    assert!(page.html.contains("kept \u{201c}as typed\u{201d}"), "{}", page.html);
}

#[tokio::test]
async fn one_more_row_can_be_asked_for_without_a_script() {
    let fake = Fake::sample();
    let row = [("from", ""), ("field.0.element", "pan"), ("field.0.form", "clear"), ("action", "more")];
    let page = answered(&fake, "/w/shop/flows/new", &row, None).await;
    assert_eq!(page.status, 200);
    assert!(page.html.contains(r#"name="field.0.element""#) && page.html.contains(r#"name="field.1.element""#));
    assert!(!page.html.contains(r#"name="field.2.element""#));
    assert!(!page.html.contains("There is a problem"));
}

#[tokio::test]
async fn a_conflict_shows_yours_and_theirs() {
    let fake = Fake::sample();
    let system = fake.estate.model.systems.values().next().unwrap();
    let address = format!("/w/shop/systems/{}/edit", system.id);
    let page = answered(&fake, &address, &[("name", "My new name"), ("rev", "1")], Some(Problem::Conflict)).await;
    assert_eq!(page.status, 409);
    let text = text_of(&page.html);
    for part in ["Someone changed this", "Yours", "Theirs", "My new name", system.name.as_str()] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn what_a_role_may_not_do_is_not_offered_and_not_shown() {
    let fake = Fake::viewer();
    let page = get(&fake, "/w/shop/systems").await;
    assert!(!page.html.contains("/w/shop/systems/new"), "{}", page.html);
    let list = get(&fake, "/w/shop/inventory/segments").await;
    assert!(!list.html.contains("/inventory/segments/new"), "{}", list.html);
    for address in [
        "/w/shop/systems/new",
        "/w/shop/flows/new",
        "/w/shop/inventory/segments/new",
        "/w/shop/incidents/new",
        "/w/shop/incidents/I-1/edit",
        "/w/shop/incidents/playbooks/new",
        "/w/shop/incidents/drills/new",
        "/w/shop/schedules/new",
        "/w/shop/schedules/SCH-1/edit",
        "/w/shop/activities/new",
        "/w/shop/analyses/new",
        "/w/shop/analyses/TRA-1/edit",
        "/w/shop/requirements/3.5.1/status",
        "/w/shop/frameworks/new",
        "/w/shop/evidence/controls/tokenisation",
        "/w/shop/import",
        "/w/shop/import/staged",
    ] {
        assert_eq!(get(&fake, address).await.status, 403, "{address}");
    }
}

#[tokio::test]
async fn an_empty_workspace_says_what_to_do_first() {
    let fake = Fake::empty();
    for address in
        ["/w/shop", "/w/shop/map", "/w/shop/systems", "/w/shop/flows", "/w/shop/flows/new", "/w/shop/history"]
    {
        let page = get(&fake, address).await;
        assert_eq!(page.status, 200, "{address}");
        assert!(page.html.contains("empty-state"), "{address}");
        check(address, &page.html);
    }
}

#[tokio::test]
async fn a_second_path_and_a_way_out_are_answered_when_they_are_asked_for() {
    let fake = Fake::sample();
    let in_scope = fake.estate.scope.systems.iter().find(|(_, it)| it.category.in_scope()).unwrap().0;
    let asked = get(&fake, &format!("/w/shop/systems/{in_scope}")).await;
    assert!(asked.html.contains("?second=1#firm") && asked.html.contains("?flip=1#firm"), "{}", asked.html);
    let answered = text_of(&get(&fake, &format!("/w/shop/systems/{in_scope}?second=1&flip=1")).await.html);
    assert!(answered.contains("A second path that shares no fact"), "{answered}");
    assert!(answered.contains("What would take it out of scope"), "{answered}");
    let out = fake.estate.scope.systems.iter().find(|(_, it)| it.category == Category::OutOfScope).unwrap().0;
    let text = text_of(&get(&fake, &format!("/w/shop/systems/{out}?flip=1")).await.html);
    assert!(text.contains("This proof relies on") && text.contains("Its category would then be"), "{text}");
}

#[tokio::test]
async fn the_lineage_of_an_element_links_to_its_holders_and_says_what_nobody_holds() {
    let fake = Fake::sample();
    let page = get(&fake, "/w/shop/elements/pan").await;
    assert!(page.html.contains("/w/shop/systems/") && page.html.contains("/w/shop/flows/"), "{}", page.html);
    assert!(text_of(&page.html).contains("No purpose declared"), "{}", page.html);
    let nobody = text_of(&get(&fake, "/w/shop/elements/biometric").await.html);
    assert!(nobody.contains("Nobody holds it"), "{nobody}");
}

#[tokio::test]
async fn after_a_save_the_page_tells_what_changed_in_scope() {
    let fake = Fake::sample();
    let page = get(&fake, "/w/shop/systems?done=system-saved&rev=7").await;
    assert!(text_of(&page.html).contains("Saved. 1 system changed category."), "{}", page.html);
    // A revision that somebody made up shows nothing.
    let page = get(&fake, "/w/shop/systems?done=system-saved&rev=99").await;
    assert!(!page.html.contains("changed category"));
}

#[tokio::test]
async fn rejected_files_are_told_line_by_line() {
    let fake = Fake::sample();
    let sentence = "flows.csv, line 3, field \"protocol\": \"pigeon\" is no protocol; use https.";
    let page = answered(&fake, "/w/shop/import", &[("rejection", sentence)], Some(Problem::Invalid(Vec::new()))).await;
    assert_eq!(page.status, 422);
    assert!(text_of(&page.html).contains("line 3"), "{}", page.html);
}

#[tokio::test]
async fn an_empty_kind_says_what_it_is_for_and_what_it_does_to_scope() {
    let fake = Fake::empty();
    for kind in KINDS.iter().filter(|kind| !kind.is_single()) {
        let address = format!("/w/shop/inventory/{}", kind.word);
        let page = get(&fake, &address).await;
        check(&address, &page.html);
        let text = text_of(&page.html);
        assert!(page.html.contains("empty-state"), "{address}");
        assert!(text.contains(kind.purpose) && text.contains(kind.effect), "{address}: {text}");
    }
}

#[tokio::test]
async fn a_record_shows_what_hangs_on_it_and_deleting_lists_the_same() {
    let fake = Fake::sample();
    let text = text_of(&get(&fake, "/w/shop/inventory/segments/cde").await.html);
    for part in
        ["Systems in it", "Links to other segments", "What refers to it", "refer to it:", "Take these references"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[tokio::test]
async fn a_form_of_a_record_that_is_wrong_comes_back_as_it_was_typed() {
    let fake = Fake::sample();
    let typed = [("a", "cde"), ("b", "cde"), ("policy", "denied")];
    let page = answered(&fake, "/w/shop/inventory/links/new", &typed, invalid("b", FieldCode::SameSegment)).await;
    assert_eq!(page.status, 422);
    let text = text_of(&page.html);
    assert!(text.contains("The other segment: Choose two different segments."), "{text}");
    assert!(page.html.contains(r#"<option value="denied" selected>"#), "{}", page.html);
}
