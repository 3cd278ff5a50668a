//! 改动 (change): what one row says otherwise than another, field by field. Pure: for a history and for a preview alike.
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// One field, before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FieldChange {
    /// Its name; of a field within a field `days.2027-01-01`.
    pub field: String,
    /// What it said; absent where it said nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Value>,
    /// What it says now; absent where it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Value>,
}

/// The fields in which two rows differ, in the order of their names. What is null says nothing.
pub fn changes(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<FieldChange>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => nested(path, old, new, found),
        (Value::Null, Value::Object(new)) => nested(path, &serde_json::Map::new(), new, found),
        (Value::Object(old), Value::Null) => nested(path, old, &serde_json::Map::new(), found),
        (old, new) if old == new => {}
        (old, new) => {
            let said = |value: &Value| (!value.is_null()).then(|| value.clone());
            found.push(FieldChange { field: path.to_owned(), from: said(old), to: said(new) });
        }
    }
}

fn nested(path: &str, old: &serde_json::Map<String, Value>, new: &serde_json::Map<String, Value>, found: &mut Vec<FieldChange>) {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        compare(&path, old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_the_fields_that_differ_are_told_and_what_is_null_says_nothing() {
        let before = json!({ "code": "a", "name": "甲", "phone": null, "days": { "2027-01-01": { "off": true }, "2027-01-02": { "off": true } } });
        let after = json!({ "code": "a", "name": "乙", "close": null, "phone": "123", "days": { "2027-01-01": { "off": false } } });
        let told: Vec<_> = changes(&before, &after).into_iter().map(|change| (change.field, change.from, change.to)).collect();
        assert_eq!(
            told,
            [
                ("days.2027-01-01.off".to_owned(), Some(json!(true)), Some(json!(false))),
                ("days.2027-01-02.off".to_owned(), Some(json!(true)), None),
                ("name".to_owned(), Some(json!("甲")), Some(json!("乙"))),
                ("phone".to_owned(), None, Some(json!("123"))),
            ]
        );
        assert_eq!(changes(&after, &after), []);
        assert_eq!(changes(&Value::Null, &json!({ "code": "a", "unit": null })).len(), 1);
    }
}
