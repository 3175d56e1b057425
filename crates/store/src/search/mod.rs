//! Finding people by what somebody typed: names in any script by prefix, part and sound, phones
//! by their first or last digits, identifiers by their beginning.

pub mod query;
