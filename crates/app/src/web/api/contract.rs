//! Does a request hold what the description promises of it? Bodies and parameters are checked by the very schemas
//! that `GET /api/v1/openapi.json` shows, so no limit is written down twice.

use std::collections::HashMap;
use std::error::Error;
use std::sync::OnceLock;

use axum::extract::MatchedPath;
use axum::http::Method;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Registry, ValidationError, ValidationOptions, Validator};
use serde_json::{Value, json};

use super::document::document;
use super::wire::misread;
use crate::web::errors::WebError;

/// Under this address schemas of operations find the shared ones.
const ADDRESS: &str = "urn:opora:openapi";
/// Most places of a body that one answer names.
const PLACES_MAX: usize = 10;

/// What an operation takes.
struct Contract {
    body: Option<Validator>,
    query: HashMap<String, Validator>,
}

/// Refuses a body that isn't what the description of the operation says.
pub fn hold_body(route: Option<&MatchedPath>, method: &Method, body: &Value) -> Result<(), WebError> {
    let Some(validator) = of(route, method).and_then(|contract| contract.body.as_ref()) else {
        return Ok(());
    };
    let places: Vec<String> =
        validator.iter_errors(body).take(PLACES_MAX).map(|error| told(&error)).collect();
    if places.is_empty() {
        return Ok(());
    }
    Err(misread("Тело запроса не подходит", &places.join(" ")))
}

/// Refuses parameters behind `?` that aren't what the description of the operation says.
pub fn hold_query(route: Option<&MatchedPath>, method: &Method, query: &str) -> Result<(), WebError> {
    let Some(contract) = of(route, method) else { return Ok(()) };
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let Some(validator) = contract.query.get(name.as_ref()) else { continue };
        let readings = readings(&text);
        if readings.iter().any(|value| validator.is_valid(value)) {
            continue;
        }
        let why =
            readings.last().and_then(|value| validator.iter_errors(value).next().map(|error| words(&error)));
        let why = sentence(&why.unwrap_or_default());
        return Err(misread(&format!("Параметр {name} не подходит"), &why));
    }
    Ok(())
}

/// What a text of a query can mean, the likeliest last.
fn readings(text: &str) -> Vec<Value> {
    let text_itself = [json!(text)];
    let other = text.parse::<i64>().map(|number| json!(number)).ok();
    let other = other.or_else(|| text.parse::<bool>().map(|sign| json!(sign)).ok());
    text_itself.into_iter().chain(other).collect()
}

fn of(route: Option<&MatchedPath>, method: &Method) -> Option<&'static Contract> {
    static CONTRACTS: OnceLock<HashMap<(String, String), Contract>> = OnceLock::new();
    let route = route?;
    // A description that can't be read would check nothing, which the tests would see.
    let contracts = CONTRACTS.get_or_init(|| made(document()).unwrap_or_default());
    contracts.get(&(method.as_str().to_lowercase(), route.as_str().to_owned()))
}

/// All contracts by method, in lower case, and route.
fn made(document: &Value) -> Result<HashMap<(String, String), Contract>, Box<dyn Error>> {
    let registry = Registry::new().add(ADDRESS, document)?.prepare()?;
    let options = jsonschema::options().with_registry(&registry);
    let mut contracts = HashMap::new();
    for (route, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let body = operation.pointer("/requestBody/content/application~1json/schema");
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let query = parameters.filter(|parameter| parameter["in"] == "query").map(|parameter| {
                let name = parameter["name"].as_str().unwrap_or_default();
                validator(&options, &parameter["schema"]).map(|validator| (name.to_owned(), validator))
            });
            let query = query.collect::<Result<_, _>>()?;
            let contract =
                Contract { body: body.map(|schema| validator(&options, schema)).transpose()?, query };
            contracts.insert((method.clone(), route.clone()), contract);
        }
    }
    Ok(contracts)
}

fn validator(options: &ValidationOptions<'_>, schema: &Value) -> Result<Validator, Box<dyn Error>> {
    let text = schema.to_string().replace("\"#/components/", &format!("\"{ADDRESS}#/components/"));
    Ok(options.clone().build(&serde_json::from_str(&text)?)?)
}

/// A place of a body and what is wrong with it; of several kinds a value can have, the one it comes nearest to.
fn told(error: &ValidationError<'_>) -> String {
    let kinds = match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            &context[..]
        }
        _ => &[],
    };
    let nearest = kinds.iter().filter_map(|errors| errors.first());
    let nearest = nearest.max_by_key(|inner| inner.instance_path().to_string().len());
    if let Some(inner) = nearest.filter(|inner| inner.instance_path() != error.instance_path()) {
        return told(inner);
    }
    let place = error.instance_path().to_string();
    let words = words(error);
    if place.is_empty() { sentence(&words) } else { format!("{place}: {words}.") }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(['.']).collect()
}

/// What is wrong, in Russian.
fn words(error: &ValidationError<'_>) -> String {
    use ValidationErrorKind as Kind;
    match error.kind() {
        Kind::MaxLength { limit } => format!("текст длиннее {limit} знаков"),
        Kind::MinLength { limit: 1 } => "текст пуст".to_owned(),
        Kind::MinLength { limit } => format!("текст короче {limit} знаков"),
        Kind::Maximum { limit } => format!("число больше {limit}"),
        Kind::Minimum { limit } => format!("число меньше {limit}"),
        Kind::MaxItems { limit } => format!("больше {limit} записей"),
        Kind::MinItems { limit } => format!("меньше {limit} записей"),
        Kind::Required { property } => format!("нет поля {property}"),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!("поля {} здесь нет", unexpected.join(", "))
        }
        Kind::Enum { options } => format!("подходит одно из: {options}"),
        Kind::Constant { expected_value } => format!("подходит только {expected_value}"),
        Kind::Pattern { pattern } => format!("текст не того вида, нужен {pattern}"),
        Kind::Format { format } => format!("это не {format}"),
        Kind::UniqueItems => "записи повторяются".to_owned(),
        _ => "значение не того вида".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_of_the_description_makes_a_contract() {
        let contracts = made(document()).expect("schemas");
        let bodies = contracts.values().filter(|contract| contract.body.is_some()).count();
        assert!(bodies > 30, "{bodies} operations take JSON");
        assert!(contracts[&("get".to_owned(), "/api/v1/plans".to_owned())].query.contains_key("limit"));
    }
}
