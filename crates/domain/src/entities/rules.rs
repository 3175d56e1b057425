//! Rules that several kinds share: forms of phone numbers and the like, times in order, names
//! taken. A text's form is checked only when the person changed it, so that an old record with an
//! odd number can still be corrected elsewhere.

use crate::check::Problem;
use crate::entity::After;
use crate::field::{Field, Held, Text, Word};
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::world::Read;

/// True when the save gives `name` another value.
pub fn is_changed(after: &After<'_>, name: &str) -> bool {
    after
        .before
        .is_none_or(|before| before.value(name) != after.record.value(name))
}

fn has_form(after: &After<'_>, field: &Field<Text>, code: &str, is_good: fn(&str) -> bool) -> Option<Problem> {
    let text = field.of(after.record)?;
    let bad = is_changed(after, field.name()) && !is_good(text);
    bad.then(|| Problem::new(&after.record.kind, field.name(), code))
}

/// A phone number: 6 to 15 digits, written with spaces, hyphens, brackets and one leading plus.
pub fn phone(after: &After<'_>, field: &Field<Text>) -> Option<Problem> {
    has_form(after, field, "not_a_phone", |text| {
        let rest = text.strip_prefix('+').unwrap_or(text);
        let digits = rest.chars().filter(char::is_ascii_digit).count();
        (6..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " -()".contains(c))
    })
}

/// An Indian postal index number: six digits, the first not 0.
pub fn pincode(after: &After<'_>, field: &Field<Text>) -> Option<Problem> {
    has_form(after, field, "not_a_pincode", |text| {
        text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0')
    })
}

/// An e-mail address, roughly: one @ with something before it and a dot after it.
pub fn email(after: &After<'_>, field: &Field<Text>) -> Option<Problem> {
    has_form(after, field, "not_an_email", |text| match text.split_once('@') {
        Some((name, host)) => {
            let host_good = host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@');
            !name.is_empty() && host_good && !text.contains(char::is_whitespace)
        }
        None => false,
    })
}

/// An ABHA number: 14 digits as `XX-XXXX-XXXX-XXXX` or without hyphens. No check digit is published.
pub fn abha_number(after: &After<'_>, field: &Field<Text>) -> Option<Problem> {
    has_form(after, field, "not_an_abha_number", |text| {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        digits && (groups == [2, 4, 4, 4] || groups == [14])
    })
}

/// An ABHA address, as `name@abdm`.
pub fn abha_address(after: &After<'_>, field: &Field<Text>) -> Option<Problem> {
    has_form(after, field, "not_an_abha_address", |text| match text.split_once('@') {
        Some((name, host)) => {
            let letters = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            name.len() >= 4 && starts && !name.ends_with('.') && letters(name) && !host.is_empty() && letters(host)
        }
        None => false,
    })
}

/// A username: 3 characters or more, Latin letters, digits and `. _ - @ +`.
pub fn username(after: &After<'_>, field: &Field<Text>) -> Option<Problem> {
    has_form(after, field, "not_a_username", |text| {
        text.len() >= 3 && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-@+".contains(c))
    })
}

/// What has an end must not end before it begins.
pub fn in_order(record: &Record, from: &Field<Time>, to: &Field<Time>) -> Option<Problem> {
    let (start, end) = (from.of(record)?, to.of(record)?);
    (end < start).then(|| Problem::new(&record.kind, to.name(), "before_start"))
}

/// `field` must be filled when `needed`.
pub fn needed_when<T: Held>(record: &Record, needed: bool, field: &Field<T>) -> Option<Problem> {
    let missing = needed && field.of(record).is_none();
    missing.then(|| Problem::new(&record.kind, field.name(), "required"))
}

/// A place that goes, goes on a day; one that is there has no such day.
pub fn gone_on_a_day(after: &After<'_>, retired: &Field<Word>, on: &Field<Date>) -> Vec<Problem> {
    let record = after.record;
    let is_gone = retired.of(record) == Some("yes");
    let stays = !is_gone && on.of(record).is_some();
    let stays = stays.then(|| Problem::new(&record.kind, on.name(), "not_taken_away"));
    let unsaid = needed_when(record, is_gone && is_changed(after, retired.name()), on);
    stays.into_iter().chain(unsaid).collect()
}

/// Asks when a moment lies more than a day after the desk first wrote the record: the year or the
/// month was mistyped, or a clock is wrong. The moment of writing is that of the record's id.
pub fn not_ahead(after: &After<'_>, field: &Field<Time>) -> Option<Problem> {
    let moment = field.of(after.record)?;
    let written = written_at(after.record.id)?;
    let ahead = after.before.is_none() && moment.0 > written.0.saturating_add(Time::DAY_MS);
    ahead.then(|| Problem::new(&after.record.kind, field.name(), "in_the_future").asking())
}

/// When a desk first wrote the record, after its UUIDv7; `None` for derived ids.
pub fn written_at(id: RecordId) -> Option<Time> {
    if id.0.get_version_num() != 7 {
        return None;
    }
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    let ms = i64::try_from(seconds).ok()?.checked_mul(1_000)?;
    Some(Time(ms + i64::from(nanos / 1_000_000)))
}

/// Another record of the kind whose indexed `field` holds the same text and for which `same` holds.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn is_taken(after: &After<'_>, field: &Field<Text>, same: impl Fn(&Record) -> bool) -> Read<bool> {
    let value = after.record.value(field.name());
    if value.is_empty() || !is_changed(after, field.name()) {
        return Ok(false);
    }
    let all = after.world.by(&after.record.kind, field.name(), value)?;
    Ok(all.iter().any(|other| other.id != after.record.id && same(other)))
}

/// Other intervals of the kind that claim the same `subject_or_holder` at some moment of this one;
/// none when the save does not widen the claim, so that a claim in conflict can always be ended.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn clashing(after: &After<'_>, subject_or_holder: &str) -> Read<Vec<Record>> {
    let record = after.record;
    let claimed = record.value(subject_or_holder);
    let Some(interval) = crate::world::interval(&record.kind).filter(|_| !claimed.is_empty() && is_wider(after)) else {
        return Ok(Vec::new());
    };
    let Some(span) = interval.span(record) else {
        return Ok(Vec::new());
    };
    let mut others = after.world.claims(&record.kind, subject_or_holder, claimed, span)?;
    others.retain(|other| other.id != record.id);
    Ok(others)
}

/// True when the save makes an interval claim more than it did.
pub fn is_wider(after: &After<'_>) -> bool {
    let (Some(before), Some(interval)) = (after.before, crate::world::interval(&after.record.kind)) else {
        return true;
    };
    let moved = [interval.subject, interval.holder]
        .iter()
        .any(|name| is_changed(after, name));
    let earlier = after.record.value(interval.from) < before.value(interval.from);
    let later = match (before.value(interval.to), after.record.value(interval.to)) {
        (Value::Time(old), Value::Time(new)) => new > old,
        (Value::Time(_), _) => true,
        _ => false,
    };
    moved || earlier || later || (before.is_voided() && !after.record.is_voided())
}
