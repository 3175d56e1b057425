//! One value of Care as a value of a field here, by the field's shape.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use domain::codes::release::Release;
use domain::field::Shape;
use domain::{Date, Decimal, RecordId, Time, Value};
use serde_json::Value as Json;

/// A value that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Odd {
    /// Not of the expected type.
    WrongType,
    /// A code that neither the field's list nor that release of Care knows.
    UnknownCode(String),
    /// Names a record that is not in the import.
    UnknownReference,
}

/// True when Care has nothing in the field.
pub fn is_blank(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The value of a field of `shape`; `referred` finds the record that a key of Care names.
///
/// # Errors
/// [`Odd`].
pub fn convert(
    shape: Shape,
    json: &Json,
    release: Release,
    referred: impl Fn(&str, &str) -> Option<RecordId>,
) -> Result<Value, Odd> {
    if is_blank(json) {
        return Ok(Value::Empty);
    }
    let plain = plain_text(json);
    match shape {
        Shape::Text { .. } => plain.map(Value::Text).ok_or(Odd::WrongType),
        Shape::Int => decimal(json, 0)
            .map(|number| Value::Int(number.digits))
            .ok_or(Odd::WrongType),
        Shape::Decimal { scale } => decimal(json, scale).map(Value::Decimal).ok_or(Odd::WrongType),
        Shape::Code(list) => {
            let code = plain.ok_or(Odd::WrongType)?;
            let word = list.from_release(release, &code).ok_or(Odd::UnknownCode(code))?;
            Ok(Value::Code(word.to_owned()))
        }
        Shape::Codes(list) => {
            let word = |code: String| {
                list.from_release(release, &code)
                    .map(str::to_owned)
                    .ok_or(Odd::UnknownCode(code))
            };
            several(json)
                .ok_or(Odd::WrongType)?
                .into_iter()
                .map(word)
                .collect::<Result<_, _>>()
                .map(Value::Codes)
        }
        Shape::Date => plain.as_deref().and_then(date).map(Value::Date).ok_or(Odd::WrongType),
        Shape::Time => plain.as_deref().and_then(time).map(Value::Time).ok_or(Odd::WrongType),
        Shape::Ref(kind) => {
            let key = plain.ok_or(Odd::WrongType)?;
            referred(kind, &key).map(Value::Ref).ok_or(Odd::UnknownReference)
        }
    }
}

fn plain_text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.trim().to_owned()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// A number at `scale`, half away from zero. Care's dumps write decimals as texts and floats with
/// places that nobody entered.
pub fn decimal(json: &Json, scale: u8) -> Option<Decimal> {
    let text = plain_text(json)?;
    let (whole, part) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let kept: String = part.chars().take(usize::from(Decimal::MAX_SCALE)).collect();
    let exact: Decimal = if kept.is_empty() {
        whole.parse().ok()?
    } else {
        format!("{whole}.{kept}").parse().ok()?
    };
    exact.rescaled(scale).or_else(|| {
        let unit = 10_i64.checked_pow(u32::from(exact.scale.checked_sub(scale)?))?;
        let half = if exact.digits < 0 { -unit / 2 } else { unit / 2 };
        Some(Decimal::new((exact.digits + half) / unit, scale))
    })
}

/// True when Care's number has more places than the value kept of it. Places behind the sixth are
/// a float's noise.
pub fn is_rounded(json: &Json, kept: &Value) -> bool {
    const PLACES: u8 = 6;
    let kept = match kept {
        Value::Int(number) => Decimal::new(*number, 0),
        Value::Decimal(number) => *number,
        _ => return false,
    };
    match (decimal(json, PLACES), kept.rescaled(PLACES)) {
        (Some(exact), Some(kept)) => exact.digits != kept.digits,
        _ => false,
    }
}

fn several(json: &Json) -> Option<Vec<String>> {
    match json {
        Json::Array(items) => items.iter().map(plain_text).collect(),
        Json::String(text) => Some(text.split(',').map(|code| code.trim().to_owned()).collect()),
        Json::Number(number) => Some(vec![number.to_string()]),
        _ => None,
    }
}

/// A day, from a date or a date with a time; months and days with one digit are read too.
fn date(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next()?;
    let mut parts = day.split('-').map(|part| part.parse::<i32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?).map(Date)
}

fn time(text: &str) -> Option<Time> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some(Time(moment.timestamp_millis()));
    }
    let bare = text.trim_end_matches('Z').replace('T', " ");
    let moment = NaiveDateTime::parse_from_str(&bare, "%Y-%m-%d %H:%M:%S%.f").ok();
    moment
        .map(|moment| Time(moment.and_utc().timestamp_millis()))
        .or_else(|| Some(date(text)?.starts(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(shape: Shape, json: Json, expected: Result<Value, Odd>) {
        let found = convert(shape, &json, Release::C24, |_, _| None);
        assert!(found == expected, "{json}: {found:?}");
    }

    #[test]
    fn values_of_care_become_values_of_the_field() {
        let text = Shape::Text { max: 10, lines: false };
        check(text, json!(600_115), Ok(Value::Text("600115".into())));
        check(text, json!(" "), Ok(Value::Empty));
        check(Shape::Int, json!(5.0), Ok(Value::Int(5)));
        check(
            Shape::Decimal { scale: 1 },
            json!(98.649_999_999),
            Ok(Value::Decimal(Decimal::new(986, 1))),
        );
        check(Shape::Int, json!("138.00"), Ok(Value::Int(138)));
        check(Shape::Int, json!("7.50"), Ok(Value::Int(8)));
        check(Shape::Int, json!(-2.5), Ok(Value::Int(-3)));
        check(Shape::Int, json!("seven"), Err(Odd::WrongType));
        check(
            Shape::Code(&domain::codes::YES_NO),
            json!(true),
            Ok(Value::Code("yes".into())),
        );
        check(
            Shape::Code(&domain::codes::bed::BED_TYPE),
            json!(99),
            Err(Odd::UnknownCode("99".into())),
        );
        check(
            Shape::Date,
            json!("2024-1-30T08:47:53.746Z"),
            Ok(Value::Date(Date::new(2024, 1, 30).unwrap())),
        );
        check(
            Shape::Time,
            json!("2024-1-30T00:00:01.5Z"),
            Ok(Value::Time(Time(1_706_572_801_500))),
        );
        check(Shape::Ref("patient"), json!(7), Err(Odd::UnknownReference));
    }

    #[test]
    fn what_is_rounded_off_is_known() {
        let check = |json: Json, kept: Value, expected: bool| assert_eq!(is_rounded(&json, &kept), expected, "{json}");
        check(json!("138.00"), Value::Int(138), false);
        check(json!("7.50"), Value::Int(8), true);
        check(json!("2.25"), Value::Decimal(Decimal::new(23, 1)), true);
        check(
            json!(0.300_000_000_000_000_04),
            Value::Decimal(Decimal::new(3, 1)),
            false,
        );
        check(json!("5"), Value::Text("5".into()), false);
    }
}
