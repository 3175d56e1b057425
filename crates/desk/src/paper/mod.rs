//! What the desk draws on paper, without the network and without a program of the system: fonts that come with it, and
//! a pen. What stands on a sheet or in a report is said where it is made.

pub mod fonts;

pub mod pen;

pub mod flow;

mod read_aloud;

pub mod words;

use domain::Time;

/// A4: width and height in points.
pub const PAGE: (f32, f32) = (595.0, 842.0);

/// A moment as it stands where both languages are read: `2026-11-20 09:15`, in local time.
pub fn written(moment: Time, utc_offset_minutes: i32) -> String {
    let clock = clock(moment, utc_offset_minutes);
    format!("{} {clock}", moment.day(utc_offset_minutes))
}

fn clock(moment: Time, utc_offset_minutes: i32) -> String {
    let local_ms = moment.0.saturating_add(i64::from(utc_offset_minutes) * Time::MINUTE_MS);
    let minutes = local_ms.rem_euclid(Time::DAY_MS) / Time::MINUTE_MS;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
