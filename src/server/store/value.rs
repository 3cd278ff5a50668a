//! Parameters and columns, the same over both databases: integers, texts, bytes; times are microseconds UTC.
use crate::domain::Timestamp;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A parameter. Nulls keep their type, because PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// BIGINT / INTEGER.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// BYTEA / BLOB.
    Bytes(Option<Vec<u8>>),
}

macro_rules! from {
    ($($type:ty => |$value:ident| $make:expr),* $(,)?) => {$(
        impl From<$type> for Value { fn from($value: $type) -> Self { $make } }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                match value { Some(value) => value.into(), None => <$type as NullOf>::null() }
            }
        }
    )*};
}

/// The null of a type.
trait NullOf {
    fn null() -> Value;
}
macro_rules! null {
    ($($type:ty => $kind:ident),* $(,)?) => {$(impl NullOf for $type { fn null() -> Value { Value::$kind(None) } })*};
}
null! { i64 => Int, bool => Int, Timestamp => Int, String => Text, &str => Text, Vec<u8> => Bytes, Uuid => Bytes }
from! {
    i64 => |value| Value::Int(Some(value)),
    bool => |value| Value::Int(Some(value.into())),
    Timestamp => |value| Value::Int(Some(micros(value))),
    String => |value| Value::Text(Some(value)),
    &str => |value| Value::Text(Some(value.to_owned())),
    Vec<u8> => |value| Value::Bytes(Some(value)),
    Uuid => |value| Value::Bytes(Some(value.as_bytes().to_vec())),
}

/// Microseconds since the epoch.
pub fn micros(at: Timestamp) -> i64 {
    at.timestamp_micros()
}

/// A stored moment.
pub fn moment(micros: i64) -> Timestamp {
    DateTime::<Utc>::from_timestamp_micros(micros).unwrap_or_default()
}

/// One row of an answer, taken by column index in the order of the statement.
#[derive(Debug, Clone, Default)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// An integer; 0 where it is null.
    pub fn int(&self, column: usize) -> i64 {
        self.maybe_int(column).unwrap_or_default()
    }
    /// An integer or null.
    pub fn maybe_int(&self, column: usize) -> Option<i64> {
        match self.0.get(column) {
            Some(Value::Int(value)) => *value,
            _ => None,
        }
    }
    /// A flag.
    pub fn flag(&self, column: usize) -> bool {
        self.int(column) != 0
    }
    /// A text; empty where it is null.
    pub fn text(&self, column: usize) -> String {
        self.maybe_text(column).unwrap_or_default()
    }
    /// A text or null.
    pub fn maybe_text(&self, column: usize) -> Option<String> {
        match self.0.get(column) {
            Some(Value::Text(value)) => value.clone(),
            _ => None,
        }
    }
    /// Bytes; empty where null.
    pub fn bytes(&self, column: usize) -> Vec<u8> {
        self.maybe_bytes(column).unwrap_or_default()
    }
    /// Bytes or null.
    pub fn maybe_bytes(&self, column: usize) -> Option<Vec<u8>> {
        match self.0.get(column) {
            Some(Value::Bytes(value)) => value.clone(),
            _ => None,
        }
    }
    /// A moment.
    pub fn at(&self, column: usize) -> Timestamp {
        moment(self.int(column))
    }
    /// A moment or null.
    pub fn maybe_at(&self, column: usize) -> Option<Timestamp> {
        self.maybe_int(column).map(moment)
    }
    /// An identity; nil where it is null.
    pub fn id(&self, column: usize) -> Uuid {
        self.maybe_id(column).unwrap_or_default()
    }
    /// An identity or null.
    pub fn maybe_id(&self, column: usize) -> Option<Uuid> {
        match self.0.get(column) {
            Some(Value::Bytes(Some(value))) => Uuid::from_slice(value).ok(),
            _ => None,
        }
    }
}
