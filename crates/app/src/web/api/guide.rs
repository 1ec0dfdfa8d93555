//! How does somebody begin who wants to write a program that uses Opora? A page made of the description.

use maud::{Markup, html};
use opora_access::Scope;
use serde_json::Value;

use super::document::document;
use crate::web::components::layout::{Section, page};
use crate::web::origin::Origin;
use crate::web::ui::Ui;

/// `GET /api`.
pub async fn show(ui: Ui, Origin(origin): Origin) -> Markup {
    let base = origin.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let content = html! { div.stack {
        div.page-head { div {
            h1 { "Программный доступ" }
            p { "Другие программы могут читать и записывать то же, что и люди на страницах: JSON по адресам " code { "/api/v1/…" } "." }
        } }
        (token())
        (examples(&base))
        (manners())
        (operations())
    } };
    page(&ui, "Программный доступ", Section::None, &content)
}

fn token() -> Markup {
    html! {
        section.card aria-labelledby="token" {
            div.card-head { h2 #token { "Как получить токен" } }
            div.card-body {
                p { "Токен делает человек на странице " a href="/account#tokens" { "своей учётной записи" } ": называет его, отмечает права и последний день. Токен показывают один раз. Программа с ним действует от имени этого человека и может не больше, чем он сам и чем отмечено." }
                details { summary { "Права токена" }
                    dl.terms { @for scope in Scope::ALL { dt { code { (scope.code()) } } dd { (scope.russian()) } } }
                }
            }
        }
    }
}

fn examples(base: &str) -> Markup {
    let token = "-H \"Authorization: Bearer $TOKEN\"";
    let examples = [
        ("Кто я и что могу", format!("curl {token} {base}/api/v1/me")),
        ("Список планов", format!("curl {token} \"{base}/api/v1/plans?limit=50\"")),
        ("Принять приказ", format!("curl {token} -F file=@приказ.docx {base}/api/v1/plans")),
        (
            "Просроченное в плане № 1",
            format!("curl {token} \"{base}/api/v1/plans/1/occurrences?state=late\""),
        ),
        ("Маршрут посещений на месяц", format!("curl {token} \"{base}/api/v1/visits/route?month=2026-12\"")),
        (
            "Отметить выполнение",
            format!(
                "curl {token} -H \"Content-Type: application/json\" \\\n  -d '{{\"occurrence\":\"12/2026-05-30\",\"known\":0,\"deed\":\"done\",\"text\":\"Совещание проведено\"}}' \\\n  {base}/api/v1/plans/1/deeds"
            ),
        ),
        (
            "Записать новую версию плана",
            format!(
                "curl {token} -D заголовки.txt -o план.json {base}/api/v1/plans/1\n# исправьте план.json; значение ETag — в файле заголовки.txt\ncurl {token} -X PUT -H \"Content-Type: application/json\" -H 'If-Match: \"…\"' \\\n  --data-binary @план.json {base}/api/v1/plans/1"
            ),
        ),
    ];
    html! {
        section.card aria-labelledby="examples" {
            div.card-head { h2 #examples { "Примеры" } }
            div.card-body.stack {
                @for (what, command) in examples { div { p { (what) } pre tabindex="0" { code { (command) } } } }
            }
        }
    }
}

fn manners() -> Markup {
    html! {
        section.card aria-labelledby="manners" {
            div.card-head { h2 #manners { "Как устроены ответы" } }
            div.card-body {
                ul {
                    li { "Ошибка — это " code { "application/problem+json" } " (RFC 9457): что случилось, почему и что делать, по-русски." }
                    li { "Списки отдаются страницами: в ответе " code { "items" } " и " code { "next" } "; значение next передают как cursor, пока оно не станет null." }
                    li { "Запись опирается на то, что вы видели: отпечаток содержания или число известных записей. Если с тех пор что-то изменили, ответ 409 или 412, и ничего не теряется." }
                    li { "Повторенный запрос ничего не удваивает: тот же файл второй раз не принимается, то же действие второй раз не записывается." }
                    li { "Результаты слишком малых групп скрыты так же, как на страницах; школы стоят по алфавиту." }
                }
                p { "Полное описание для программ: " a href="/api/v1/openapi.json" { "openapi.json" } " (OpenAPI 3.1)." }
            }
        }
    }
}

/// An operation of the description.
struct Operation<'a> {
    method: String,
    path: &'a str,
    summary: &'a str,
    scope: &'a str,
}

/// Operations by tag, in the order of the description.
fn by_tag(document: &Value) -> Vec<(&str, Vec<Operation<'_>>)> {
    let mut tags: Vec<(&str, Vec<Operation<'_>>)> = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();
    for (path, methods) in paths {
        for (method, told) in methods.as_object().into_iter().flatten() {
            let tag = told["tags"][0].as_str().unwrap_or_default();
            let operation = Operation {
                method: method.to_uppercase(),
                path,
                summary: told["summary"].as_str().unwrap_or_default(),
                scope: told["security"][0]["token"][0].as_str().unwrap_or("любой токен"),
            };
            match tags.iter_mut().find(|(own, _)| *own == tag) {
                Some((_, operations)) => operations.push(operation),
                None => tags.push((tag, vec![operation])),
            }
        }
    }
    tags
}

fn operations() -> Markup {
    html! {
        @for (at, (tag, operations)) in by_tag(document()).iter().enumerate() {
            section aria-labelledby={ "tag-" (at) } {
                h2 id={ "tag-" (at) } { (tag) }
                div.table-scroll tabindex="0" role="region" aria-labelledby={ "tag-" (at) } {
                    table {
                        thead { tr { th scope="col" { "Запрос" } th scope="col" { "Что делает" } th scope="col" { "Право токена" } } }
                        tbody { @for operation in operations { tr {
                            th scope="row" { code { (operation.method) " " (operation.path) } }
                            td { (operation.summary) }
                            td { code { (operation.scope) } }
                        } } }
                    }
                }
            }
        }
    }
}
