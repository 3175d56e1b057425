//! How a count stands beside the table. Both more and less is told: a table that says too much lets through what is dearer.

use crate::jobs::Job;

/// By so many percent a count may differ where the table was made. Two runs of one program differ by less than a tenth of
/// a percent; the rest is for a compiler that lays out code anew when something beside it was changed.
pub const ALIKE_PERCENT: f64 = 3.0;
/// So many percent more are borne with another compiler or other libraries.
pub const ELSEWHERE_PERCENT: f64 = 25.0;

/// How closely it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tolerance {
    /// All is as when the table was made.
    Alike,
    /// Something that decides is another.
    Elsewhere,
}

/// The line that tells of a job.
pub fn line(job: &Job, counted: u64, told: Option<u64>) -> String {
    let beside = match told {
        Some(told) => format!("{:>+7.2} %", percent_more(counted, told)),
        None => "new".to_owned(),
    };
    format!("{:<18}{:>12}  {beside:>9}  {}", job.name, grouped(counted), job.what)
}

/// What is wrong with a count, if anything.
pub fn finding(name: &str, counted: u64, told: Option<u64>, tolerance: Tolerance) -> Option<String> {
    let Some(told) = told else {
        return Some(format!("{name}: is not in the table"));
    };
    let percent = percent_more(counted, told);
    let word = match tolerance {
        Tolerance::Alike if percent > ALIKE_PERCENT => "more",
        Tolerance::Alike if percent < -ALIKE_PERCENT => "less",
        Tolerance::Elsewhere if percent > ELSEWHERE_PERCENT => "more",
        _ => return None,
    };
    let (counted, told) = (grouped(counted), grouped(told));
    Some(format!(
        "{name}: needs {counted} instructions, {:.1} % {word} than the {told} of the table",
        percent.abs()
    ))
}

fn percent_more(counted: u64, told: u64) -> f64 {
    (counted as f64 / told.max(1) as f64 - 1.0) * 100.0
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(counted: u64, tolerance: Tolerance, expected: Option<&str>) {
        let found = finding("fold", counted, Some(100_000), tolerance);
        assert_eq!(found.as_deref(), expected, "{counted} {tolerance:?}");
    }

    #[test]
    fn what_needs_clearly_more_or_less_than_the_table_says_is_named() {
        check(102_900, Tolerance::Alike, None);
        check(97_100, Tolerance::Alike, None);
        let more = "fold: needs 103,100 instructions, 3.1 % more than the 100,000 of the table";
        check(103_100, Tolerance::Alike, Some(more));
        let less = "fold: needs 50,000 instructions, 50.0 % less than the 100,000 of the table";
        check(50_000, Tolerance::Alike, Some(less));
    }

    #[test]
    fn with_another_compiler_only_much_more_is_named() {
        check(50_000, Tolerance::Elsewhere, None);
        check(124_000, Tolerance::Elsewhere, None);
        let more = "fold: needs 126,000 instructions, 26.0 % more than the 100,000 of the table";
        check(126_000, Tolerance::Elsewhere, Some(more));
    }

    #[test]
    fn a_job_that_is_not_in_the_table_is_named() {
        let found = finding("fold", 1, None, Tolerance::Elsewhere);
        assert_eq!(found.as_deref(), Some("fold: is not in the table"));
    }
}
