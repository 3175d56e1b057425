//! Clinical scores, one file each, with source and edition.

pub mod news2;
