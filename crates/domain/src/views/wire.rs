//! The types that cross to the window, for the code that is written from them.

use ts_rs::{Config, ExportError, TS};

use crate::actions;
use crate::check::Problem;
use crate::views::{
    audit, beds, census, erasure, inbox, line, patient, patients, records, rounds, stock, triage, wall, war_room,
};

/// Writes the TypeScript of every type that crosses to the window into the configured folder.
///
/// # Errors
/// When a file cannot be written.
pub fn export(config: &Config) -> Result<(), ExportError> {
    Problem::export_all(config)?;
    war_room::WarRoom::export_all(config)?;
    beds::BedBoard::export_all(config)?;
    wall::WallBoard::export_all(config)?;
    census::CensusArgs::export_all(config)?;
    census::Census::export_all(config)?;
    line::PatientLine::export_all(config)?;
    patients::PatientsArgs::export_all(config)?;
    patients::FindArgs::export_all(config)?;
    patients::LikelySameArgs::export_all(config)?;
    patients::LikelySame::export_all(config)?;
    patient::PatientArgs::export_all(config)?;
    patient::PatientPage::export_all(config)?;
    erasure::ErasedArgs::export_all(config)?;
    erasure::ErasedShown::export_all(config)?;
    rounds::News2Args::export_all(config)?;
    triage::MonthArgs::export_all(config)?;
    triage::TriageMonth::export_all(config)?;
    triage::FormArgs::export_all(config)?;
    triage::TriageForm::export_all(config)?;
    stock::StockItemArgs::export_all(config)?;
    stock::StockLedger::export_all(config)?;
    inbox::Inbox::export_all(config)?;
    audit::AuditArgs::export_all(config)?;
    audit::AuditLog::export_all(config)?;
    crate::emergency::EmergencyToReview::export_all(config)?;
    audit::WhoLookedArgs::export_all(config)?;
    records::RecordsArgs::export_all(config)?;
    records::RecordArgs::export_all(config)?;
    records::RecordShown::export_all(config)?;
    actions::RegisterArgs::export_all(config)?;
    actions::AdmitArgs::export_all(config)?;
    actions::TransferArgs::export_all(config)?;
    actions::SwapArgs::export_all(config)?;
    actions::DischargeArgs::export_all(config)?;
    actions::HoldArgs::export_all(config)?;
    actions::ReleaseArgs::export_all(config)?;
    actions::decide::DecideArgs::export_all(config)?;
    actions::void::VoidAdmissionArgs::export_all(config)?;
    actions::GiveConsentArgs::export_all(config)?;
    actions::WithdrawConsentArgs::export_all(config)?;
    Ok(())
}
