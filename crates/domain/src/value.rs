//! The values a field can hold, and how they are written as JSON. A value never prints itself:
//! `Debug` shows only its type, so that no log or panic can carry a patient's data.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// The identity of a record, given once by the desk that created it (UUIDv7, or v5 when derived).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "string", export_to = "wire.ts")]
pub struct RecordId(pub Uuid);

impl RecordId {
    /// Not greater than any id that a desk gives at `moment` or later, and greater than those given before.
    pub fn first_at(moment: Time) -> RecordId {
        let ms = u128::try_from(moment.0).unwrap_or(0);
        RecordId(Uuid::from_u128(ms << 80))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::parse_str(text).map(RecordId)
    }
}

/// A moment: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "number", export_to = "wire.ts")]
pub struct Time(pub i64);

impl Time {
    pub const MINUTE_MS: i64 = 60_000;
    pub const HOUR_MS: i64 = 60 * Self::MINUTE_MS;
    pub const DAY_MS: i64 = 24 * Self::HOUR_MS;

    /// The calendar day of this moment where local time is `utc_offset_minutes` ahead of UTC.
    pub fn day(self, utc_offset_minutes: i32) -> Date {
        let local_ms = self.0.saturating_add(i64::from(utc_offset_minutes) * Self::MINUTE_MS);
        Date::from_days(local_ms.div_euclid(Self::DAY_MS))
    }

    /// Whole hours from `earlier` to this moment, negative when it lies before.
    pub fn hours_since(self, earlier: Time) -> i64 {
        (self.0 - earlier.0).div_euclid(Self::HOUR_MS)
    }
}

/// A calendar day without a time, as on a wristband or a triage form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "string", export_to = "wire.ts", rename = "IsoDate")]
pub struct Date(pub NaiveDate);

impl Date {
    /// The day `year`-`month`-`day`, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        NaiveDate::from_ymd_opt(year, month, day).map(Date)
    }

    /// The day that lies `days` after 1970-01-01; clamped to the calendar's ends.
    pub fn from_days(days: i64) -> Date {
        let clamped = i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX });
        Date(NaiveDate::from_epoch_days(clamped).unwrap_or(if days < 0 { NaiveDate::MIN } else { NaiveDate::MAX }))
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        i64::from(self.0.to_epoch_days())
    }

    pub fn plus_days(self, days: i64) -> Date {
        Date::from_days(self.days().saturating_add(days))
    }

    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The moment this day begins where local time is `utc_offset_minutes` ahead of UTC.
    pub fn starts(self, utc_offset_minutes: i32) -> Time {
        Time(self.days() * Time::DAY_MS - i64::from(utc_offset_minutes) * Time::MINUTE_MS)
    }

    /// Completed years from this day to `today`; never negative.
    pub fn years_until(self, today: Date) -> i64 {
        let before_birthday = (today.0.month(), today.0.day()) < (self.0.month(), self.0.day());
        (i64::from(today.0.year()) - i64::from(self.0.year()) - i64::from(before_birthday)).max(0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Date {
    type Err = chrono::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::from_str(text).map(Date)
    }
}

/// An exact decimal: `digits` × 10^-`scale`. Never a float.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Decimal {
    pub digits: i64,
    pub scale: u8,
}

impl Decimal {
    /// The largest number of decimal places a field may have.
    pub const MAX_SCALE: u8 = 9;

    pub const fn new(digits: i64, scale: u8) -> Decimal {
        Decimal { digits, scale }
    }

    /// The same number with `scale` places, if that loses nothing and fits.
    pub fn rescaled(self, scale: u8) -> Option<Decimal> {
        let mut digits = self.digits;
        for _ in self.scale..scale {
            digits = digits.checked_mul(10)?;
        }
        for _ in scale..self.scale {
            if digits % 10 != 0 {
                return None;
            }
            digits /= 10;
        }
        Some(Decimal { digits, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.digits);
        }
        let unit = 10_u64.pow(u32::from(self.scale.min(Self::MAX_SCALE)));
        let sign = if self.digits < 0 { "-" } else { "" };
        let whole = self.digits.unsigned_abs() / unit;
        let part = self.digits.unsigned_abs() % unit;
        write!(f, "{sign}{whole}.{part:0width$}", width = usize::from(self.scale))
    }
}

/// A text that is not a decimal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a decimal number")]
pub struct NotADecimal;

impl FromStr for Decimal {
    type Err = NotADecimal;
    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
        let plain = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        let empty = whole.is_empty() || (rest.contains('.') && part.is_empty());
        if empty || !plain(whole) || !plain(part) || part.len() > usize::from(Self::MAX_SCALE) {
            return Err(NotADecimal);
        }
        let digits: i64 = format!("{whole}{part}").parse().map_err(|_| NotADecimal)?;
        let scale = u8::try_from(part.len()).map_err(|_| NotADecimal)?;
        Ok(Decimal {
            digits: sign * digits,
            scale,
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let wide = |d: &Decimal| i128::from(d.digits) * 10_i128.pow(u32::from(Self::MAX_SCALE.saturating_sub(d.scale)));
        wide(self).cmp(&wide(other)).then(self.scale.cmp(&other.scale))
    }
}

/// What one field of a record holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// The field was cleared, or never filled.
    Empty,
    Int(i64),
    Decimal(Decimal),
    Text(String),
    /// One word of a code list.
    Code(String),
    /// Several words of a code list.
    Codes(BTreeSet<String>),
    Time(Time),
    Date(Date),
    Ref(RecordId),
    /// Something a newer version wrote: kept and passed on as its JSON text, never interpreted.
    Other(String),
}

impl Value {
    pub fn is_empty(&self) -> bool {
        matches!(self, Value::Empty)
    }

    /// The name of the value's type; the only thing of it that may appear in a log.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Empty => "empty",
            Value::Int(_) => "int",
            Value::Decimal(_) => "decimal",
            Value::Text(_) => "text",
            Value::Code(_) => "code",
            Value::Codes(_) => "codes",
            Value::Time(_) => "time",
            Value::Date(_) => "date",
            Value::Ref(_) => "ref",
            Value::Other(_) => "other",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{}›", self.type_name())
    }
}

/// Text and whole numbers stand as JSON's own; every other type is an object with one short key.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn tagged<S: Serializer>(serializer: S, tag: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry(tag, value)?;
            map.end()
        }
        match self {
            Value::Empty => serializer.serialize_unit(),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Decimal(number) => tagged(serializer, "n", &number.to_string()),
            Value::Code(word) => tagged(serializer, "c", word),
            Value::Codes(words) => tagged(serializer, "cs", words),
            Value::Time(time) => tagged(serializer, "t", time),
            Value::Date(date) => tagged(serializer, "d", date),
            Value::Ref(id) => tagged(serializer, "r", id),
            Value::Other(json) => serde_json::from_str::<serde_json::Value>(json)
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field value")
    }
    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Empty)
    }
    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }
    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or_else(|_| Value::Other(number.to_string()), Value::Int))
    }
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Other(serde_json::Value::from(number).to_string()))
    }
    fn visit_bool<E: de::Error>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Other(yes.to_string()))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }
    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<serde_json::Value>()? {
            items.push(item);
        }
        Ok(Value::Other(serde_json::Value::Array(items).to_string()))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        let first = map.next_entry::<String, serde_json::Value>()?;
        let second = map.next_entry::<String, serde_json::Value>()?;
        // As nearly all are: nothing is built up for them.
        if let (Some((tag, json)), None) = (&first, &second)
            && let Some(value) = known(tag, json)
        {
            return Ok(value);
        }
        object.extend(first.into_iter().chain(second));
        while let Some((key, value)) = map.next_entry::<String, serde_json::Value>()? {
            object.insert(key, value);
        }
        let only = object.iter().next().filter(|_| object.len() == 1);
        let value = only.and_then(|(tag, json)| known(tag, json));
        Ok(value.unwrap_or_else(|| Value::Other(serde_json::Value::Object(object).to_string())))
    }
}

fn known(tag: &str, json: &serde_json::Value) -> Option<Value> {
    match tag {
        "n" => json.as_str()?.parse().ok().map(Value::Decimal),
        "c" => Some(Value::Code(json.as_str()?.to_owned())),
        "cs" => json
            .as_array()?
            .iter()
            .map(|word| word.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .map(Value::Codes),
        "t" => json.as_i64().map(|ms| Value::Time(Time(ms))),
        "d" => json.as_str()?.parse().ok().map(Value::Date),
        "r" => json.as_str()?.parse().ok().map(Value::Ref),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_round_trip(value: Value, json: &str) {
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert!(serde_json::from_str::<Value>(json).unwrap() == value, "{json}");
    }

    #[test]
    fn every_type_of_value_is_read_back_as_it_was_written() {
        check_round_trip(Value::Empty, "null");
        check_round_trip(Value::Int(-5), "-5");
        check_round_trip(Value::Text("അഞ്ജു".into()), "\"അഞ്ജു\"");
        check_round_trip(Value::Decimal(Decimal::new(372, 1)), r#"{"n":"37.2"}"#);
        check_round_trip(Value::Code("icu".into()), r#"{"c":"icu"}"#);
        check_round_trip(
            Value::Codes(["cough".into(), "fever".into()].into()),
            r#"{"cs":["cough","fever"]}"#,
        );
        check_round_trip(Value::Time(Time(1_700_000_000_000)), r#"{"t":1700000000000}"#);
        check_round_trip(Value::Date(Date::new(2026, 11, 20).unwrap()), r#"{"d":"2026-11-20"}"#);
        check_round_trip(
            Value::Ref(RecordId(Uuid::nil())),
            r#"{"r":"00000000-0000-0000-0000-000000000000"}"#,
        );
    }

    #[test]
    fn what_a_newer_version_wrote_is_kept_byte_for_byte() {
        for json in [
            r#"{"z":{"a":[1,2]}}"#,
            r#"{"d":"not a day"}"#,
            "[1,2]",
            "true",
            r#"{"a":1,"b":2}"#,
        ] {
            let value: Value = serde_json::from_str(json).unwrap();
            assert!(matches!(value, Value::Other(_)));
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
        }
    }

    #[test]
    fn debug_shows_the_type_and_never_the_value() {
        assert_eq!(format!("{:?}", Value::Text("Lakshmi".into())), "‹text›");
    }

    #[test]
    fn decimals_are_exact() {
        for text in ["0", "-0.5", "37.2", "1.000", "-12.34"] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "-",
            ".",
            "1.",
            ".5",
            "1e3",
            "+1",
            " 1",
            "1.2.3",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
        assert_eq!(Decimal::new(372, 1).rescaled(2), Some(Decimal::new(3720, 2)));
        assert_eq!(Decimal::new(3725, 2).rescaled(1), None);
    }

    #[test]
    fn a_local_day_begins_at_local_midnight() {
        let india = 330;
        let day = Date::new(2026, 11, 20).unwrap();
        assert_eq!(day.starts(india).day(india), day);
        assert_eq!(Time(day.starts(india).0 - 1).day(india), day.plus_days(-1));
    }

    #[test]
    fn age_counts_completed_years() {
        let born = Date::new(1964, 3, 4).unwrap();
        assert_eq!(born.years_until(Date::new(2026, 3, 3).unwrap()), 61);
        assert_eq!(born.years_until(Date::new(2026, 3, 4).unwrap()), 62);
    }
}
