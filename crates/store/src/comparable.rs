//! Values as bytes that sort as the values do, so that the database finds and orders them. Pure.

use domain::Value;
use domain::value::Decimal;

/// The value as bytes. Equal values, and only they, give equal bytes; values of one type sort alike.
pub fn comparable(value: &Value) -> Vec<u8> {
    let mut bytes = vec![tag(value)];
    match value {
        Value::Empty => {}
        Value::Int(number) => bytes.extend(signed(*number)),
        Value::Decimal(number) => {
            let places = Decimal::MAX_SCALE.saturating_sub(number.scale);
            let wide = i128::from(number.digits) * 10_i128.pow(u32::from(places));
            bytes.extend((wide.cast_unsigned() ^ (1 << 127)).to_be_bytes());
            bytes.push(number.scale);
        }
        Value::Text(text) | Value::Code(text) | Value::Other(text) => bytes.extend(text.as_bytes()),
        Value::Codes(words) => {
            for word in words {
                bytes.extend(word.as_bytes());
                bytes.push(0);
            }
        }
        Value::Time(time) => bytes.extend(signed(time.0)),
        Value::Date(date) => bytes.extend(signed(date.days())),
        Value::Ref(id) => bytes.extend(id.0.as_bytes()),
    }
    bytes
}

/// Bytes behind all values of the same type.
pub fn end_of_type(value: &Value) -> Vec<u8> {
    vec![tag(value) + 1]
}

fn signed(number: i64) -> [u8; 8] {
    (number.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

fn tag(value: &Value) -> u8 {
    match value {
        Value::Empty => 0,
        Value::Int(_) => 1,
        Value::Decimal(_) => 2,
        Value::Text(_) => 3,
        Value::Code(_) => 4,
        Value::Codes(_) => 5,
        Value::Time(_) => 6,
        Value::Date(_) => 7,
        Value::Ref(_) => 8,
        Value::Other(_) => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Date, Time};
    use proptest::prelude::*;

    fn values() -> impl Strategy<Value = (Value, Value)> {
        let numbers = prop_oneof![Just(0), -3..3_i64, any::<i64>()];
        let pair = (numbers.clone(), numbers);
        let words = proptest::collection::btree_set("[a-c]{0,2}", 0..3);
        prop_oneof![
            pair.clone().prop_map(|(a, b)| (Value::Int(a), Value::Int(b))),
            pair.clone()
                .prop_map(|(a, b)| (Value::Time(Time(a)), Value::Time(Time(b)))),
            pair.clone().prop_map(|(a, b)| {
                let date = |n: i64| Value::Date(Date::from_days(n % 100_000));
                (date(a), date(b))
            }),
            (pair, 0..3_u8, 0..3_u8).prop_map(|((a, b), p, q)| {
                (Value::Decimal(Decimal::new(a, p)), Value::Decimal(Decimal::new(b, q)))
            }),
            ("[a-cക]{0,3}", "[a-cക]{0,3}").prop_map(|(a, b)| (Value::Text(a), Value::Text(b))),
            (words.clone(), words).prop_map(|(a, b)| (Value::Codes(a), Value::Codes(b))),
        ]
    }

    proptest! {
        #[test]
        fn bytes_sort_as_values_do((a, b) in values()) {
            prop_assert_eq!(comparable(&a).cmp(&comparable(&b)), a.cmp(&b));
            prop_assert!(comparable(&a) < end_of_type(&b));
        }
    }
}
