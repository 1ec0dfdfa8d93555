//! What does the interface say of itself? OpenAPI 3.1, made of the handlers, the access table and the exchange form.

use std::sync::OnceLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use opora_access::Scope;
use opora_exchange::order_schema;
use serde_json::{Map, Value, json};

use super::routes;
use super::wire::Problem;
use crate::web::access::{Door, TABLE};

/// The description.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(made)
}

/// `GET /api/v1/openapi.json`.
pub async fn show() -> Response {
    ([(CONTENT_TYPE, "application/json")], document().to_string()).into_response()
}

fn made() -> Value {
    let (_, described) = routes().split_for_parts();
    // Without its text the description would be empty, which the tests would see.
    let mut document = serde_json::to_value(&described).unwrap_or_default();
    document["info"] = json!({
        "title": "Опора",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Планы поддержки школ, их выполнение, согласование, самодиагностика, результаты. Запросы идут \
                        от имени человека, который сделал токен, и не могут больше, чем он.",
        "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
    });
    document["servers"] = json!([{ "url": "/" }]);
    document["components"]["securitySchemes"] = json!({ "token": {
        "type": "http", "scheme": "bearer",
        "description": scopes(),
    } });
    order_form(&mut document);
    document["components"]["schemas"]["Problem"] =
        serde_json::to_value(<Problem as utoipa::PartialSchema>::schema()).unwrap_or_default();
    document["components"]["responses"] = problems();
    for (method, route, door) in TABLE {
        let Door::Token(scope, ..) = door else { continue };
        let operation = &mut document["paths"][*route][method.to_lowercase()];
        if operation.is_object() {
            guarded(operation, method, *scope);
        }
    }
    document
}

fn scopes() -> String {
    let lines = Scope::ALL.map(|scope| format!("- `{}` — {}", scope.code(), scope.russian()));
    format!(
        "Токен делает человек на странице своей учётной записи и отмечает его права:\n\n{}",
        lines.join("\n")
    )
}

/// What the gate adds to an operation: the scope, and the answers it may give.
fn guarded(operation: &mut Value, method: &str, scope: Option<Scope>) {
    let named: Vec<&str> = scope.map(Scope::code).into_iter().collect();
    let words = match scope {
        Some(scope) => format!("Право токена: `{}`.", scope.code()),
        None => "Подходит любой токен.".to_owned(),
    };
    let own = operation["description"].as_str().unwrap_or_default();
    operation["description"] = json!(format!("{own}\n\n{words}").trim());
    operation["security"] = json!([{ "token": named }]);
    let reading = [400, 401, 403, 404, 422, 429, 503];
    let writing = [409, 413, 415];
    let more = if method == "GET" { &[][..] } else { &writing[..] };
    let precondition = operation["responses"].as_object().is_some_and(|own| own.contains_key("412"));
    if precondition {
        operation["responses"]["412"] = json!({ "$ref": "#/components/responses/412" });
        operation["responses"]["428"] = json!({ "$ref": "#/components/responses/428" });
    }
    for status in reading.iter().chain(more) {
        let own = &mut operation["responses"][status.to_string()];
        if own.is_null() {
            *own = json!({ "$ref": format!("#/components/responses/{status}") });
        }
    }
}

/// The answers of errors.
fn problems() -> Value {
    let words = [
        (400, "Запрос не понят: тело, параметр или адрес записаны с ошибкой"),
        (401, "Токена нет, или он не действует"),
        (403, "Токену или его владельцу не хватает права"),
        (404, "Такого нет"),
        (409, "Кто-то изменил это раньше, или сейчас это сделать нельзя"),
        (412, "Содержание уже другое: прочитайте его заново"),
        (413, "Слишком большой запрос"),
        (415, "Тело запроса не того вида"),
        (422, "Запрос понят, но выполнить его нельзя: сказано почему"),
        (428, "Нужен заголовок If-Match с отпечатком содержания"),
        (429, "Слишком много неверных токенов: подождите, сколько сказано в Retry-After"),
        (503, "Ответ готовился слишком долго"),
    ];
    let content =
        json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let one = |(status, words): (u16, &str)| {
        (status.to_string(), json!({ "description": words, "content": content }))
    };
    Value::Object(words.into_iter().map(one).collect())
}

/// The schema of the exchange form in the place where OpenAPI looks for it.
fn order_form(document: &mut Value) {
    let text = order_schema().to_string().replace("#/$defs/", "#/components/schemas/");
    let Ok(Value::Object(mut order)) = serde_json::from_str::<Value>(&text) else { return };
    let parts = order.remove("$defs").and_then(|parts| match parts {
        Value::Object(parts) => Some(parts),
        _ => None,
    });
    order.remove("$schema");
    order.remove("$id");
    let schemas = &mut document["components"]["schemas"];
    if let Value::Object(schemas) = schemas {
        schemas.extend(parts.unwrap_or_else(Map::new));
        schemas.insert("Order".to_owned(), Value::Object(order));
    }
}
