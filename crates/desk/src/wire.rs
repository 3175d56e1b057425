//! The types of this crate that cross to the window.

use ts_rs::{Config, ExportError, TS};

/// Writes their TypeScript into the configured folder.
///
/// # Errors
/// When a file cannot be written.
pub fn export(config: &Config) -> Result<(), ExportError> {
    domain::views::wire::export(config)?;
    crate::Failure::export_all(config)?;
    crate::status::DeskStatus::export_all(config)?;
    crate::emergency::EmergencyShown::export_all(config)?;
    crate::status::SyncPage::export_all(config)?;
    crate::setup::JoinedShown::export_all(config)?;
    crate::at_district::GivenShown::export_all(config)?;
    crate::desks::DesksShown::export_all(config)?;
    crate::desks::DeskInvited::export_all(config)?;
    sync_core::desks::DeskAct::export_all(config)?;
    crate::second_factor::FactorShown::export_all(config)?;
    domain::password::Strength::export_all(config)?;
    crate::aside::KeptAside::export_all(config)?;
    crate::recovery::NewSheet::export_all(config)?;
    crate::unsent_copy::UnsentCopy::export_all(config)?;
    crate::held::ReportArgs::export_all(config)?;
    crate::held::ReportWritten::export_all(config)?;
    crate::tables::TableArgs::export_all(config)?;
    crate::tables::TableWritten::export_all(config)?;
    crate::stick::FoundStick::export_all(config)?;
    crate::stick::LoadedStick::export_all(config)?;
    crate::ward::DraftIn::export_all(config)?;
    crate::ward::Saved::export_all(config)?;
    crate::ward::HistoryLine::export_all(config)
}
