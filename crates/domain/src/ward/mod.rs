//! Pure rules between records.
