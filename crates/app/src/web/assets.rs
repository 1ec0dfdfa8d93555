//! Which style sheets, scripts and icons does the browser load? Only our own, embedded, named by their content.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use rust_embed::Embed;

use super::errors::WebError;

include!(concat!(env!("OUT_DIR"), "/asset_names.rs"));

#[derive(Embed)]
#[folder = "$OUT_DIR/assets"]
struct Assets;

/// Address of an asset by its hashed name.
pub fn url(name: &str) -> String {
    format!("/assets/{name}")
}

/// `GET /assets/{name}`. The name changes with the content, so a browser may keep it for ever.
pub async fn serve(Path(name): Path<String>) -> Response {
    let Some(file) = Assets::get(&name) else {
        return WebError::not_found("Такого файла оформления нет.").into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, file.data).into_response()
}

/// An icon of the sprite. It is decoration: the word beside it, or the `aria-label` of its button, says the meaning.
pub fn icon(name: &str) -> Markup {
    html! {
        svg.icon aria-hidden="true" focusable="false" width="20" height="20" {
            use href={ "/assets/" (ICONS_SVG) "#" (name) } {}
        }
    }
}
