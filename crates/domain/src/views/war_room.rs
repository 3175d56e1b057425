//! The war room: where do we stand right now?

use std::sync::Arc;

use serde::Serialize;
use ts_rs::TS;

use crate::entities::{facility, triage};
use crate::value::{Date, Time, Value};
use crate::views::Shown;
use crate::views::beds::BedFigures;
use crate::views::inbox::{Unattended, waiting};
use crate::views::line::{PatientLine, lines_of};
use crate::views::stock::{StockLine, stock};
use crate::views::triage::{TriageShift, shown_day, today as triage_of};
use crate::ward::beds::{Board, read_board};
use crate::ward::census::{self, occupancy_permille};
use crate::ward::presence::present;
use crate::world::{Ctx, Read, Records};

/// Days of the trend.
const TREND_DAYS: i64 = 14;
/// A batch that expires within these days is shown.
const EXPIRY_DAYS: i64 = 30;

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WarRoom {
    pub facility_name: String,
    pub beds: Vec<BedTypeFigures>,
    pub all_beds: BedFigures,
    pub occupancy_permille: Option<i64>,
    pub admitted: i64,
    pub positive: i64,
    pub suspected: i64,
    pub waiting_for_bed: i64,
    pub admissions_today: i64,
    pub discharges_today: i64,
    pub deaths_today: i64,
    /// NEWS2 of 5 or more, a single 3, or rising; worst first.
    pub concerning: Vec<Arc<PatientLine>>,
    /// The review was due and nobody has looked; longest overdue first.
    pub overdue: Vec<Arc<PatientLine>>,
    /// Below zero first, then below the minimum.
    pub low_stock: Vec<StockLine>,
    pub expiring_stock: Vec<StockLine>,
    /// The shifts of today; before them last night's while it runs or was not filed.
    pub triage_today: Vec<TriageShift>,
    /// What the inbox of the person holds.
    pub conflicts: i64,
    /// What waits so long for a decision that everybody is told, oldest first.
    pub unattended: Vec<Unattended>,
    /// Oldest first.
    pub trend: Vec<TrendDay>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct BedTypeFigures {
    pub bed_type: String,
    pub figures: BedFigures,
    pub occupancy_permille: Option<i64>,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TrendDay {
    pub day: Date,
    pub admissions: i64,
    pub discharges: i64,
    pub deaths: i64,
    pub census: i64,
    /// Seen in triage, as filed; empty when nothing was filed.
    pub visited: Option<i64>,
    pub positives: Option<i64>,
}

/// The whole war room.
pub fn war_room(world: &dyn Records, ctx: &Ctx) -> Shown<WarRoom> {
    let board = read_board(world, ctx.now)?;
    let there = present(world)?;
    let lines = lines_of(&there, world, ctx)?;
    let standing = census::standing(world, &there, &board)?;
    let today = ctx.today.starts(ctx.utc_offset_minutes);
    let flow = census::flow(world, today, Time(today.0 + Time::DAY_MS))?;
    let all_beds = board.figures();
    let stock = stock(world, ctx)?;
    let soon = ctx.today.plus_days(EXPIRY_DAYS);
    let home = world.get("facility", ctx.facility)?;
    let (to_decide, unattended) = waiting(world, ctx)?;
    Ok(WarRoom {
        facility_name: home
            .as_ref()
            .and_then(|home| facility::NAME.of(home))
            .unwrap_or_default()
            .to_owned(),
        beds: by_type(&board),
        all_beds,
        occupancy_permille: occupancy_permille(all_beds.occupied, all_beds.total - all_beds.blocked),
        admitted: standing.admitted,
        positive: standing.positive,
        suspected: standing.suspected,
        waiting_for_bed: lines.iter().filter(|line| line.bed_id.is_none()).count() as i64,
        admissions_today: flow.admissions,
        discharges_today: flow.discharges,
        deaths_today: flow.deaths,
        concerning: concerning(&lines),
        overdue: overdue(&lines),
        low_stock: low_stock(&stock),
        expiring_stock: stock
            .iter()
            .filter(|line| line.nearest_expiry.is_some_and(|day| day <= soon))
            .cloned()
            .collect(),
        triage_today: triage_of(world, ctx)?,
        conflicts: to_decide as i64,
        unattended,
        trend: trend(world, ctx)?,
    })
}

fn concerning(lines: &[Arc<PatientLine>]) -> Vec<Arc<PatientLine>> {
    let score = |line: &PatientLine| line.news2.as_ref().and_then(|shown| shown.score);
    let is_concerning = |line: &&Arc<PatientLine>| {
        let risk = line.news2.as_ref().and_then(|shown| shown.risk.as_deref());
        let rises = score(line)
            .zip(line.news2_before)
            .is_some_and(|(now, before)| now >= before + 2);
        rises || matches!(risk, Some("low_medium" | "medium" | "high"))
    };
    let mut found: Vec<Arc<PatientLine>> = lines.iter().filter(is_concerning).cloned().collect();
    found.sort_by_key(|line| std::cmp::Reverse(score(line)));
    found
}

fn overdue(lines: &[Arc<PatientLine>]) -> Vec<Arc<PatientLine>> {
    let mut found: Vec<Arc<PatientLine>> = lines.iter().filter(|line| line.review_overdue).cloned().collect();
    found.sort_by_key(|line| line.review_due);
    found
}

fn low_stock(stock: &[StockLine]) -> Vec<StockLine> {
    let mut low: Vec<StockLine> = stock
        .iter()
        .filter(|line| line.low || line.below_zero)
        .cloned()
        .collect();
    low.sort_by_key(|line| !line.below_zero);
    low
}

fn by_type(board: &Board) -> Vec<BedTypeFigures> {
    let typed = crate::codes::bed::BED_TYPE.codes.iter().map(|code| {
        let figures = board.figures_of_type(code.word);
        BedTypeFigures {
            bed_type: code.word.to_owned(),
            figures,
            occupancy_permille: occupancy_permille(figures.occupied, figures.total - figures.blocked),
        }
    });
    typed.filter(|each| each.figures.total > 0).collect()
}

fn trend(world: &dyn Records, ctx: &Ctx) -> Read<Vec<TrendDay>> {
    let from = Value::Date(ctx.today.plus_days(1 - TREND_DAYS));
    let to = Value::Date(ctx.today.plus_days(1));
    let entries = world.between("triage", triage::DAY.name(), &from, &to)?;
    let days = census::trend(world, ctx.today, TREND_DAYS, ctx.utc_offset_minutes)?;
    Ok(days
        .into_iter()
        .map(|each| {
            let own: Vec<_> = entries
                .iter()
                .filter(|entry| triage::DAY.of(entry) == Some(each.day))
                .cloned()
                .collect();
            let totals = shown_day(each.day, &own, ctx).totals;
            TrendDay {
                day: each.day,
                admissions: each.flow.admissions,
                discharges: each.flow.discharges,
                deaths: each.flow.deaths,
                census: each.census,
                visited: totals.get(triage::VISITED.name()).copied(),
                positives: totals.get(triage::CONFIRMED_POSITIVE.name()).copied(),
            }
        })
        .collect())
}
