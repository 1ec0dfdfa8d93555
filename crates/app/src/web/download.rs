//! How does a list or a picture leave as a file?

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::components::charts::Chart;
use super::errors::WebError;
use super::pages::files::disposition;
use crate::usecases::results::tables::{self, Plain};

/// What kind of file is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileForm {
    /// A drawing.
    Svg,
    /// A table as Excel in Russia opens it.
    Csv,
    /// A workbook.
    Xlsx,
    /// For programs.
    Json,
}

impl FileForm {
    /// The thing and the form that a name such as `trend-0.svg` asks for.
    pub fn of_name(name: &str) -> Result<(&str, Self), WebError> {
        let known = name.rsplit_once('.').and_then(|(stem, ending)| {
            let form = match ending {
                "svg" => Self::Svg,
                "csv" => Self::Csv,
                "xlsx" => Self::Xlsx,
                "json" => Self::Json,
                _ => return None,
            };
            Some((stem, form))
        });
        known.ok_or_else(|| WebError::not_found("Такого файла нет: бывают SVG, CSV, XLSX и JSON"))
    }

    /// Its ending.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// Bytes as a file to keep.
pub fn file(form: FileForm, name: &str, bytes: Vec<u8>) -> Response {
    let name = format!("{name}.{}", form.ending());
    let headers = [(CONTENT_TYPE, form.media_type().to_owned()), (CONTENT_DISPOSITION, disposition(&name))];
    (headers, bytes).into_response()
}

/// A table as a file; `source` says where it comes from. A long one takes seconds: it is written aside.
pub async fn table(form: FileForm, title: &str, source: &str, plain: Plain) -> Result<Response, WebError> {
    let (heading, from) = (title.to_owned(), source.to_owned());
    let write = move || match form {
        FileForm::Csv => Ok(tables::csv(&plain)),
        FileForm::Xlsx => {
            tables::xlsx(&format!("{heading}. {from}"), &plain).map_err(|error| WebError::internal(&error))
        }
        FileForm::Json => {
            let (heads, rows) = plain;
            let whole = json!({ "title": heading, "source": from, "columns": heads, "rows": rows });
            Ok(whole.to_string().into_bytes())
        }
        FileForm::Svg => {
            Err(WebError::not_found("Эта таблица – не рисунок: её можно взять как CSV, XLSX и JSON"))
        }
    };
    let bytes = tokio::task::spawn_blocking(write).await;
    Ok(file(form, title, bytes.map_err(|_| WebError::internal("Файл не составлен."))??))
}

/// A picture as a drawing, or what it shows as a table.
pub async fn chart(form: FileForm, chart: Option<&Chart>, source: &str) -> Result<Response, WebError> {
    let chart = chart.ok_or_else(|| WebError::not_found("Такого рисунка на этой странице нет"))?;
    match form {
        FileForm::Svg => Ok(file(form, &chart.caption, chart.alone(source).into_bytes())),
        other => {
            let plain = (chart.table.heads.clone(), chart.table.rows.clone());
            table(other, &chart.caption, source, plain).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_thing_and_the_form() {
        assert_eq!(FileForm::of_name("trend-0.svg").ok(), Some(("trend-0", FileForm::Svg)));
        assert_eq!(FileForm::of_name("a.b.json").ok(), Some(("a.b", FileForm::Json)));
        assert!(FileForm::of_name("trend-0.exe").is_err() && FileForm::of_name("trend").is_err());
    }
}
