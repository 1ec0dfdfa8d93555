//! Are two orders the same?

use std::fmt::Write;

use opora_cycle::vocabulary::Order;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::to_json;

/// SHA-256 of the canonical JSON of an order: 64 lower-case hexadecimal digits.
///
/// Canonical: no white space, the keys of every object in byte order. The order of the fields of a wire struct
/// may therefore change without changing the hash; what an approval is bound to is the content alone.
pub fn content_hash(order: &Order) -> String {
    let mut text = String::new();
    // A wire struct has string keys and no foreign numbers, so it always becomes a value.
    canonical(&serde_json::to_value(to_json(order)).unwrap_or_default(), &mut text);
    sha256_hex(text.as_bytes())
}

/// SHA-256 of bytes: 64 lower-case hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string can't fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_unstable_by_key(|(key, _)| *key);
            text.push('{');
            for (index, (key, value)) in fields.into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                canonical(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                canonical(item, text);
            }
            text.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let mut text = String::new();
        canonical(&serde_json::json!({"б": 1, "a": [{"z": null, "b": "\"\n"}]}), &mut text);
        assert_eq!(text, r#"{"a":[{"b":"\"\n","z":null}],"б":1}"#);
    }

    #[test]
    fn the_hash_is_sha_256() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(sha256_hex(b""), empty);
    }
}
