//! The budgets of `budgets.toml` and how a run stands beside them.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::report::Report;

/// Every budget, in the order in which they are told.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budgets {
    pub budget: Vec<Budget>,
}

/// A bound on one row: on its median, or on the median of its ratios.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The key of the row.
    pub row: String,
    /// The reference whose ratio is bound; without it the figure itself is.
    pub against: Option<String>,
    pub most: Option<f64>,
    pub least: Option<f64>,
    /// What we would like to reach.
    pub stretch: Option<f64>,
    /// Judged on a quiet disk alone.
    #[serde(default)]
    pub durable: bool,
    /// Judged at full size alone.
    #[serde(default)]
    pub full: bool,
    /// Why it is missed and cannot be met yet: told instead of failing.
    pub missed_because: Option<String>,
}

/// How a run stands beside one budget.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    Met(f64),
    Stretched(f64),
    Missed(f64),
    /// With the reason that the budget gives.
    Known(f64, String),
    NotJudged(String),
}

impl Budgets {
    /// Those of the project.
    ///
    /// # Errors
    /// When the file cannot be understood.
    pub fn read() -> Result<Budgets> {
        let budgets: Budgets = toml::from_str(include_str!("../budgets.toml"))?;
        for budget in &budgets.budget {
            let sides = usize::from(budget.most.is_some()) + usize::from(budget.least.is_some());
            ensure!(sides == 1, "{}: a budget is `most` or `least`", budget.row);
        }
        Ok(budgets)
    }
}

impl Budget {
    /// How a run stands beside it.
    pub fn judge(&self, report: &Report) -> Verdict {
        let figure = match self.figure(report) {
            Ok(figure) => figure,
            Err(reason) => return Verdict::NotJudged(format!("{reason:#}")),
        };
        if self.durable && !report.machine.is_disk_quiet() {
            return Verdict::NotJudged("the disk is too slow or too busy to tell".to_owned());
        }
        if self.full && report.quick {
            return Verdict::NotJudged("only at full size".to_owned());
        }
        let holds = |bound: f64| match self.most {
            Some(_) => figure <= bound,
            None => figure >= bound,
        };
        match (self.most.or(self.least).is_some_and(holds), &self.missed_because) {
            (true, _) if self.stretch.is_some_and(holds) => Verdict::Stretched(figure),
            (true, _) => Verdict::Met(figure),
            (false, Some(reason)) => Verdict::Known(figure, reason.clone()),
            (false, None) => Verdict::Missed(figure),
        }
    }

    fn figure(&self, report: &Report) -> Result<f64> {
        let row = report.row(&self.row).context("not measured in this run")?;
        let Some(against) = &self.against else {
            return Ok(row.ours.median);
        };
        let reference = row.references.iter().find(|one| one.name == *against);
        Ok(reference
            .with_context(|| format!("{against} did not run"))?
            .ratio
            .median)
    }

    /// The bound in words.
    pub fn bound(&self) -> String {
        let side = if self.most.is_some() { "≤" } else { "≥" };
        let bound = self.most.or(self.least).unwrap_or_default();
        match &self.against {
            Some(_) => format!("{side} {bound} ×"),
            None => format!("{side} {bound}"),
        }
    }
}
