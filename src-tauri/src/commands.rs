//! The commands the window may call: each hands over to the desk and passes on its answer.

use std::collections::BTreeSet;

use desk::aside::KeptAside;
use desk::at_district::GivenShown;
use desk::desks::{DeskInvited, DesksShown};
use desk::held::{ReportArgs, ReportWritten};
use desk::recovery::NewSheet;
use desk::second_factor::FactorShown;
use desk::setup::JoinedShown;
use desk::sign_in::More;
use desk::status::{DeskStatus, SyncPage};
use desk::stick::{FoundStick, LoadedStick};
use desk::tables::{TableArgs, TableWritten};
use desk::unsent_copy::UnsentCopy;
use desk::ward::{DraftIn, HistoryLine, Saved, Seen};
use desk::{Desk, DeskAct, DeviceId, Failure, Verdict};
use domain::RecordId;
use domain::password::Strength;
use serde_json::Value as Json;
use tauri::State;
use tauri::ipc::Invoke;

type Answer<T> = Result<T, Failure>;

macro_rules! named {
    ($($name:ident),* $(,)?) => { tauri::generate_handler![$($name),*] };
}

/// All commands, by name.
pub fn handler() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
    include!("commands.in")
}

/// Work that waits for the disk, away from the window's own thread.
async fn aside<T: Send + 'static>(desk: &Desk, work: impl FnOnce(Desk) -> Answer<T> + Send + 'static) -> Answer<T> {
    let desk = desk.clone();
    tauri::async_runtime::spawn_blocking(move || work(desk))
        .await
        .map_err(|_| Failure::new("database_failed"))?
}

#[tauri::command(rename_all = "snake_case")]
async fn status(desk: State<'_, Desk>) -> Answer<DeskStatus> {
    aside(&desk, |desk| Ok(desk.status())).await
}

#[tauri::command(rename_all = "snake_case")]
async fn join(desk: State<'_, Desk>, address: String, code: String, desk_name: String) -> Answer<JoinedShown> {
    desk.join(&address, &code, &desk_name).await
}

#[tauri::command(rename_all = "snake_case")]
async fn stand_alone(desk: State<'_, Desk>, name: String, username: String, password: String) -> Answer<()> {
    desk.stand_alone(&name, &username, &password).await
}

#[tauri::command(rename_all = "snake_case")]
async fn set_aside(desk: State<'_, Desk>) -> Answer<Vec<String>> {
    aside(&desk, |desk| desk.set_aside()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn sign_in(
    desk: State<'_, Desk>,
    username: String,
    password: String,
    new_password: Option<String>,
    code: Option<String>,
) -> Answer<()> {
    if new_password.is_none() && code.is_none() {
        return desk.sign_in(&username, &password).await;
    }
    let new_password = new_password.map(Into::into);
    desk.sign_in_with(&username, &password, &More { new_password, code })
        .await
}

#[tauri::command(rename_all = "snake_case")]
async fn lock(desk: State<'_, Desk>) -> Answer<()> {
    desk.lock().await;
    Ok(())
}

#[tauri::command(rename_all = "snake_case")]
async fn show_on_the_wall(desk: State<'_, Desk>) -> Answer<()> {
    aside(&desk, |desk| desk.show_on_the_wall()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn begin_emergency(desk: State<'_, Desk>, reason: String) -> Answer<()> {
    aside(&desk, move |desk| desk.begin_emergency(&reason)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn end_emergency(desk: State<'_, Desk>) -> Answer<()> {
    aside(&desk, |desk| desk.end_emergency()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn review_emergency(desk: State<'_, Desk>, begun: RecordId) -> Answer<()> {
    aside(&desk, move |desk| desk.review_emergency(begun)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn let_in_again(desk: State<'_, Desk>, person: RecordId) -> Answer<()> {
    aside(&desk, move |desk| desk.let_in_again(person)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn change_password(desk: State<'_, Desk>, password: String, new_password: String) -> Answer<()> {
    desk.change_password(&password, &new_password).await
}

#[tauri::command(rename_all = "snake_case")]
async fn confirm_password(desk: State<'_, Desk>, password: String, code: Option<String>) -> Answer<()> {
    desk.confirm_password(&password, code.as_deref()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn offer_second_factor(desk: State<'_, Desk>, username: String, password: String) -> Answer<FactorShown> {
    desk.offer_second_factor(&username, &password).await
}

#[tauri::command(rename_all = "snake_case")]
async fn give_password(desk: State<'_, Desk>, person: RecordId) -> Answer<GivenShown> {
    desk.give_password(person).await
}

#[tauri::command(rename_all = "snake_case")]
async fn desks_heard(desk: State<'_, Desk>) -> Answer<Option<DesksShown>> {
    aside(&desk, |desk| desk.desks_heard()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn ask_desks(desk: State<'_, Desk>) -> Answer<DesksShown> {
    desk.ask_desks().await
}

#[tauri::command(rename_all = "snake_case")]
async fn act_on_desk(desk: State<'_, Desk>, other: DeviceId, act: DeskAct) -> Answer<DesksShown> {
    desk.act_on_desk(other, act).await
}

#[tauri::command(rename_all = "snake_case")]
async fn invite_desk(desk: State<'_, Desk>, facility: RecordId, name: String) -> Answer<DeskInvited> {
    desk.invite_desk(facility, &name).await
}

#[tauri::command(rename_all = "snake_case")]
async fn password_strength(desk: State<'_, Desk>, password: String, own: Vec<String>) -> Answer<Strength> {
    aside(&desk, move |_| Ok(desk::password::strength_of(&password, &own))).await
}

#[tauri::command(rename_all = "snake_case")]
async fn touch(desk: State<'_, Desk>) -> Answer<()> {
    desk.touch();
    Ok(())
}

#[tauri::command(rename_all = "snake_case")]
async fn view(desk: State<'_, Desk>, name: String, args: Json) -> Answer<Seen> {
    aside(&desk, move |desk| desk.view(&name, &args)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn act(
    desk: State<'_, Desk>,
    name: String,
    args: Json,
    as_of: u64,
    confirmed: Option<BTreeSet<String>>,
) -> Answer<Saved> {
    aside(&desk, move |desk| {
        desk.act(&name, &args, as_of, confirmed.unwrap_or_default())
    })
    .await
}

#[tauri::command(rename_all = "snake_case")]
async fn save(
    desk: State<'_, Desk>,
    drafts: Vec<DraftIn>,
    as_of: u64,
    confirmed: Option<BTreeSet<String>>,
) -> Answer<Saved> {
    aside(&desk, move |desk| {
        desk.save(drafts, as_of, confirmed.unwrap_or_default())
    })
    .await
}

#[tauri::command(rename_all = "snake_case")]
async fn undo(desk: State<'_, Desk>, action: String) -> Answer<Saved> {
    aside(&desk, move |desk| desk.undo(&action)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn resolve(
    desk: State<'_, Desk>,
    kind: String,
    record: RecordId,
    field: String,
    value: Json,
    as_of: u64,
) -> Answer<Saved> {
    aside(&desk, move |desk| desk.resolve(&kind, record, &field, &value, as_of)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn history(desk: State<'_, Desk>, kind: String, id: RecordId) -> Answer<Vec<HistoryLine>> {
    aside(&desk, move |desk| desk.history(&kind, id)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn put_draft(desk: State<'_, Desk>, name: String, body: Json) -> Answer<()> {
    aside(&desk, move |desk| desk.put_draft(&name, &body)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn draft(desk: State<'_, Desk>, name: String) -> Answer<Option<Json>> {
    aside(&desk, move |desk| desk.draft(&name)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn forget_draft(desk: State<'_, Desk>, name: String) -> Answer<()> {
    aside(&desk, move |desk| desk.forget_draft(&name)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn sync_page(desk: State<'_, Desk>) -> Answer<SyncPage> {
    aside(&desk, |desk| desk.sync_page()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn sync_now(desk: State<'_, Desk>) -> Answer<()> {
    desk.sync_now();
    Ok(())
}

#[tauri::command(rename_all = "snake_case")]
async fn adopt(desk: State<'_, Desk>, change: String) -> Answer<()> {
    aside(&desk, move |desk| desk.decide_parked(&change, true)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn dismiss(desk: State<'_, Desk>, change: String) -> Answer<()> {
    aside(&desk, move |desk| desk.decide_parked(&change, false)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn kept_aside(desk: State<'_, Desk>) -> Answer<KeptAside> {
    aside(&desk, |desk| desk.kept_aside()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn decide_aside(desk: State<'_, Desk>, change: String, verdict: Verdict, why: String) -> Answer<()> {
    aside(&desk, move |desk| desk.decide_aside(&change, verdict, &why)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn backup(desk: State<'_, Desk>) -> Answer<String> {
    aside(&desk, |desk| desk.backup()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn renew(desk: State<'_, Desk>, username: String, password: String) -> Answer<()> {
    desk.renew_identity(&username, &password).await
}

#[tauri::command(rename_all = "snake_case")]
async fn rejoin(desk: State<'_, Desk>, address: String, code: String, desk_name: String) -> Answer<JoinedShown> {
    desk.rejoin(&address, &code, &desk_name).await
}

#[tauri::command(rename_all = "snake_case")]
async fn trust_certificate(desk: State<'_, Desk>, words: String) -> Answer<()> {
    desk.trust_certificate(&words).await
}

#[tauri::command(rename_all = "snake_case")]
async fn copy_unsent(desk: State<'_, Desk>) -> Answer<UnsentCopy> {
    aside(&desk, |desk| desk.copy_unsent()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn take_in_unsent(desk: State<'_, Desk>, path: String, code: String) -> Answer<u64> {
    aside(&desk, move |desk| {
        desk.take_in_unsent(std::path::Path::new(&path), &code)
    })
    .await
}

#[tauri::command(rename_all = "snake_case")]
async fn report_to_person(desk: State<'_, Desk>, report: ReportArgs) -> Answer<ReportWritten> {
    aside(&desk, move |desk| desk.report_to_person(&report)).await
}

#[tauri::command(rename_all = "snake_case")]
async fn write_table(desk: State<'_, Desk>, table: TableArgs) -> Answer<TableWritten> {
    aside(&desk, move |desk| desk.write_table(&table)).await
}

#[tauri::command]
async fn find_sticks(desk: State<'_, Desk>) -> Answer<Vec<FoundStick>> {
    aside(&desk, |desk| desk.find_sticks()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn load_stick(desk: State<'_, Desk>, folder: String) -> Answer<LoadedStick> {
    aside(&desk, move |desk| desk.load_stick(std::path::Path::new(&folder))).await
}

#[tauri::command]
async fn begin_sheet(desk: State<'_, Desk>) -> Answer<NewSheet> {
    aside(&desk, |desk| desk.begin_sheet()).await
}

/// Shows the sheet that was begun in the system's own program for such files, which prints it.
#[tauri::command]
async fn open_sheet(desk: State<'_, Desk>) -> Answer<()> {
    aside(&desk, |desk| {
        let path = desk.sheet_path().ok_or_else(|| Failure::new("sheet_not_begun"))?;
        open::that_detached(path).map_err(|_| Failure::new("sheet_not_opened"))
    })
    .await
}

#[tauri::command(rename_all = "snake_case")]
async fn keep_sheet(desk: State<'_, Desk>, group: String) -> Answer<()> {
    aside(&desk, move |desk| desk.keep_sheet(&group)).await
}

#[tauri::command]
async fn drop_sheet(desk: State<'_, Desk>) -> Answer<()> {
    aside(&desk, |desk| desk.drop_sheet()).await
}

#[tauri::command(rename_all = "snake_case")]
async fn recover(desk: State<'_, Desk>, code: String) -> Answer<()> {
    aside(&desk, move |desk| desk.recover(&code)).await
}

#[tauri::command]
async fn rekey(desk: State<'_, Desk>) -> Answer<()> {
    desk.rekey().await
}
