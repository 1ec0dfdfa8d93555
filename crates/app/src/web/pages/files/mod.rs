//! What did the person hand in? The original file, byte for byte.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::web::errors::WebError;
use crate::web::state::AppState;

/// `GET /files/{sha256}`: always a download of unknown kind, so that nothing in the file runs in the browser.
pub async fn download(
    State(state): State<AppState>,
    Path(sha256): Path<String>,
) -> Result<Response, WebError> {
    send(&state, &sha256).await
}

/// A kept file as a download. Who may have it is asked before.
pub async fn send(state: &AppState, sha256: &str) -> Result<Response, WebError> {
    let file = state.store.source_file(sha256).await?;
    let file = file.ok_or_else(|| WebError::not_found("Такого файла в хранилище нет"))?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, disposition(&file.name)),
    ];
    Ok((headers, file.bytes).into_response())
}

/// `attachment` with the name in ASCII for old programs and in UTF-8 by RFC 5987.
pub fn disposition(name: &str) -> String {
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' }).collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(disposition(name), expected);
    }

    #[test]
    fn names_survive_and_can_not_break_the_header() {
        check("plan.docx", "attachment; filename=\"plan.docx\"; filename*=UTF-8''plan.docx");
        check(
            "план 1.txt",
            "attachment; filename=\"_____1.txt\"; filename*=UTF-8''%D0%BF%D0%BB%D0%B0%D0%BD%201.txt",
        );
        check("a\"\r\nb", "attachment; filename=\"a___b\"; filename*=UTF-8''a%22%0D%0Ab");
    }
}
