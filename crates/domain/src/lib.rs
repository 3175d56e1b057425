//! What is true on a ward: kinds of records and their fields, the checks before writing,
//! the rules between records, clinical scores, and the views that screens show. Pure: no
//! clock, file, socket, environment or random source is read here.

pub mod value;

pub mod codes;

pub mod field;

pub mod record;

pub mod entity;

pub mod check;

pub mod access;

pub mod password;

pub mod world;

pub mod memory;

pub mod moment;

pub mod spelling;

pub mod plain;

pub mod entities;

pub mod arrival;

pub mod audit;

pub mod emergency;

pub mod retention;

pub mod due;

pub mod erasure;

pub mod ward;

pub mod scores;

pub mod actions;

pub mod views;

pub use check::{Checked, Draft, Problem, check};
pub use entity::{Entity, Home, Semantics};
pub use field::Field;
pub use record::Record;
pub use value::{Date, Decimal, RecordId, Time, Value};
pub use world::{Ctx, Read, Records, Unreadable};
