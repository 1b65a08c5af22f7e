//! How much a browser has to load before it shows a large workspace.

use std::io::Write as _;

use bench::estate::Estate;
use domain::backend::Backend as _;
use domain::command::{Command, Revision};
use domain::id::WorkspaceId;
use domain::model::object::{Object, ObjectRef};
use store::{Actor, Start};

use super::app::TestApp;

/// What a page may weigh after brotli, in bytes.
const MOST: usize = 150_000;

/// The weight of a page at the level of brotli that is usual for answers made on request.
fn compressed(page: &str) -> usize {
    let mut small = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    small.write_all(page.as_bytes()).unwrap();
    small.into_inner().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pages_of_a_workspace_of_5000_systems_are_light() {
    let (app, mut browser) = TestApp::set_up(Start::Empty).await;
    let model = Estate::new(5_000, 20_000).model();
    let objects: Vec<Object> = model.objects().filter(|it| it.reference() != ObjectRef::Settings).collect();
    let import = Command::Import { source: "estate.json".to_owned(), objects, seen: Revision(i64::MAX) };
    app.store.gate(Actor::Operator).execute(&WorkspaceId::new("shop"), import).await.unwrap();
    let system = format!("/w/shop/systems/{}", Estate::system_id(2_500));
    for page in ["/w/shop", "/w/shop/map", "/w/shop/systems", "/w/shop/flows", "/w/shop/findings", system.as_str()] {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, http::StatusCode::OK, "{page}: {}", answer.body);
        let size = compressed(&answer.body);
        println!("{page}: {} bytes, {size} after brotli", answer.body.len());
        assert!(size <= MOST, "{page}: {size} bytes after brotli");
    }
}
