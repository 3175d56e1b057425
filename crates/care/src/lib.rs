//! Reads what Care's own `dumpdata` writes and turns it into drafts, with a report that names every
//! record that was not taken and why. What has no kind here is counted and named; nothing is
//! dropped silently, and a bad record never keeps a good one out. Pure.

mod items;

mod mapping;

mod finish;

mod round;

mod convert;

mod report;

mod import;

pub use domain::codes::release::Release;
pub use import::{Import, import};
pub use items::File;
pub use report::{Fault, Report};
