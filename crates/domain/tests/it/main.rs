//! What holds for every kind, every code and every role.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod access;
mod codes;
mod kinds;
mod news2;
mod personal;
mod problems;
mod retention;
mod rules;
mod ward;
mod written;
