//! An archive of what is past its time: whole records with all their changes, sealed under a code of its own, so that it
//! opens in ten years with this program, or any other, and without the district's folder.

mod form;

mod writing;

mod reading;

pub use form::{Code, Manifest};
pub use reading::{Contents, open, read};
pub use writing::make;
