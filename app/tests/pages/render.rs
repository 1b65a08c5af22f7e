//! Renders one page as the server does.

use std::sync::Arc;

use app::context::{AssetNames, PageContext, Submitted, Theme};
use axum::body::Body;
use axum::extract::Request;
use domain::backend::Backend;
use http_body_util::BodyExt as _;
use leptos::prelude::provide_context;

use crate::estate::Fake;

/// What came out.
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub html: String,
}

pub async fn get(fake: &Fake, address: &str) -> Page {
    render(fake, address, None).await
}

/// The page that answers a form that was not carried out.
pub async fn post(fake: &Fake, address: &str, submitted: Submitted) -> Page {
    render(fake, address, Some(submitted)).await
}

async fn render(fake: &Fake, address: &str, submitted: Option<Submitted>) -> Page {
    let assets = AssetNames {
        css: "/assets/app.css",
        js: Some("/assets/plumbline.js"),
        wasm: Some("/assets/plumbline.wasm"),
        icons: "/assets/icons.svg",
        favicon: "/assets/favicon.svg",
        font_latin: "/assets/inter.woff2",
    };
    let context = PageContext {
        nonce: "nonce-of-this-page".into(),
        assets,
        theme: Theme::System,
        path_and_query: address.into(),
        sitting: None,
        sends_mail: false,
    };
    let backend: Arc<dyn Backend> = Arc::new(fake.clone());
    let provided = move || {
        provide_context(leptos::nonce::Nonce::from_value("nonce-of-this-page"));
        provide_context(Arc::clone(&backend));
        if let Some(submitted) = &submitted {
            provide_context(submitted.clone());
        }
    };
    let request = Request::get(address).header("accept", "text/html").body(Body::empty()).unwrap();
    let shell = move || app::shell(context.clone());
    let response = leptos_axum::render_app_async_with_context(provided, shell)(request).await;
    let (parts, body) = response.into_parts();
    let location = parts.headers.get("location").map(|it| it.to_str().unwrap().to_owned());
    let html = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Page { status: parts.status.as_u16(), location, html }
}
