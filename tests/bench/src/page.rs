//! `docs/performance.md`: a run as a page for people.

use std::fmt::Write;

use anyhow::Result;

use crate::budgets::{Budgets, Verdict};
use crate::figures::Spread;
use crate::report::{Chapter, Report, Row, Unit};

/// The page; its plots lie in the folder `plots`. `missing` are the chapters that the run did not come to.
///
/// # Errors
/// When the budgets cannot be read.
pub fn write(report: &Report, budgets: &Budgets, missing: &[&str], plots: &str) -> Result<String> {
    let mut page = String::from("# What it costs\n\n");
    page += "Written by `cargo xtask bench`; not edited by hand. Every figure is the median of the rounds of one run, with the \
             least and the most in brackets. Whoever is compared works in turns within each round, and a ratio is the median of \
             the ratios round by round: ours divided by theirs. Absolute figures drift with the machine; the ratios are what \
             counts.\n\n";
    machine(report, &mut page)?;
    if !missing.is_empty() {
        writeln!(
            page,
            "**Not come to in this run: {}.** `cargo xtask bench --go-on` goes on with them.\n",
            missing.join(", ")
        )?;
    }
    standing(report, budgets, &mut page)?;
    for chapter in &report.chapters {
        self::chapter(chapter, plots, &mut page)?;
    }
    page += "## How to measure it again\n\n```\ncargo xtask bench            # everything, and this page anew\n\
             cargo xtask bench --quick    # smaller, into target/bench\n\
             cargo xtask bench --go-on    # goes on with a run that was broken off\n\
             cargo xtask bench --only NAME --json FILE\n\
             cargo xtask bench --check    # fails where a budget of tests/bench/budgets.toml is missed\n```\n\n\
             On a machine that does nothing else.\n";
    Ok(page)
}

fn machine(report: &Report, page: &mut String) -> Result<()> {
    let machine = &report.machine;
    let list = |times: &[f64]| {
        let times: Vec<String> = times.iter().map(|time| format!("{time:.2}")).collect();
        times.join(" and ")
    };
    writeln!(
        page,
        "Measured on {} with {} cores ({}) and {} MiB of memory. A write of 4 KiB was durable after {} ms (p50; p99 {} ms), at \
         the beginning and the end of each part of the run.{}\n",
        machine.system,
        machine.cores,
        machine.processor,
        machine.memory_mib,
        list(&machine.sync_p50_ms),
        list(&machine.sync_p99_ms),
        if report.quick {
            " **A quick run: everything smaller.**"
        } else {
            ""
        }
    )?;
    Ok(())
}

fn standing(report: &Report, budgets: &Budgets, page: &mut String) -> Result<()> {
    *page += "## Budgets\n\n| what | budget | measured | |\n|---|---|---|---|\n";
    for budget in &budgets.budget {
        let Some(row) = report.row(&budget.row) else { continue };
        let what = match &budget.against {
            Some(against) => format!("{} / {against}", row.what),
            None => row.what.clone(),
        };
        let unit = if budget.against.is_some() {
            "×"
        } else {
            row.unit.sign()
        };
        let (figure, verdict) = match budget.judge(report) {
            Verdict::Met(figure) => (shown(figure, unit), "met".to_owned()),
            Verdict::Stretched(figure) => (shown(figure, unit), "met, with room".to_owned()),
            Verdict::Missed(figure) => (shown(figure, unit), "**missed**".to_owned()),
            Verdict::Known(figure, reason) => (shown(figure, unit), format!("missed: {reason}")),
            Verdict::NotJudged(reason) => ("–".to_owned(), format!("not judged: {reason}")),
        };
        writeln!(page, "| {what} | {} | {figure} | {verdict} |", budget.bound())?;
    }
    *page += "\n";
    Ok(())
}

fn chapter(chapter: &Chapter, plots: &str, page: &mut String) -> Result<()> {
    writeln!(page, "## {}\n\n{}\n", chapter.title, chapter.about)?;
    if !chapter.rows.is_empty() {
        *page += "| what | ours | beside it | ratio |\n|---|---|---|---|\n";
        for row in &chapter.rows {
            self::row(row, page)?;
        }
        *page += "\n";
    }
    for plot in &chapter.plots {
        writeln!(page, "![{}]({plots}/{}.svg)\n", plot.title, plot.name)?;
    }
    for reason in &chapter.left_out {
        writeln!(page, "Not run: {reason}\n")?;
    }
    Ok(())
}

fn row(row: &Row, page: &mut String) -> Result<()> {
    let ours = spread(&row.ours, row.unit);
    if row.references.is_empty() {
        writeln!(page, "| {} | {ours} | | |", row.what)?;
    }
    for (place, reference) in row.references.iter().enumerate() {
        let (what, ours) = match place {
            0 => (row.what.as_str(), ours.as_str()),
            _ => ("", ""),
        };
        let other = spread(&reference.figure, row.unit);
        let ratio = format!(
            "{} × ({}–{})",
            number(reference.ratio.median),
            number(reference.ratio.least),
            number(reference.ratio.most)
        );
        writeln!(page, "| {what} | {ours} | {}: {other} | {ratio} |", reference.name)?;
    }
    Ok(())
}

fn spread(spread: &Spread, unit: Unit) -> String {
    let median = shown(spread.median, unit.sign());
    match spread.rounds {
        1 => median,
        _ => format!("{median} ({}–{})", number(spread.least), number(spread.most)),
    }
}

fn shown(figure: f64, unit: &str) -> String {
    format!("{} {unit}", number(figure)).trim_end().to_owned()
}

/// Three digits that say something, thousands parted by commas.
fn number(figure: f64) -> String {
    let size = figure.abs();
    if size >= 1_000.0 {
        let digits = format!("{size:.0}");
        let parted: Vec<&str> = digits
            .as_bytes()
            .rchunks(3)
            .rev()
            .filter_map(|part| str::from_utf8(part).ok())
            .collect();
        return parted.join(",");
    }
    match size {
        size if size >= 100.0 => format!("{figure:.0}"),
        size if size >= 10.0 => format!("{figure:.1}"),
        size if size >= 1.0 => format!("{figure:.2}"),
        _ => format!("{figure:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_shows_as_many_digits_as_it_is_worth() {
        let shown: Vec<String> = [1_234_567.8, 999.6, 12.34, 1.5, 0.0312]
            .into_iter()
            .map(number)
            .collect();
        assert_eq!(shown, ["1,234,568", "1000", "12.3", "1.50", "0.031"]);
    }
}
