//! The shell around a desk: the window, its commands and its timers. No rule of the ward lives here.

use std::process::ExitCode;

use tauri::{Manager, RunEvent, WebviewWindowBuilder};

mod commands;

mod news;

mod place;

/// Runs the window until it is closed.
pub fn run() -> ExitCode {
    place::forbid_driving();
    place::log_to_stderr();
    let desk = desk::Desk::start(place::options());
    let handled = desk.clone();
    let mut builder = tauri::Builder::default();
    // Desks in folders of their own may stand beside each other on one computer.
    if !place::has_own_folder() {
        builder = builder.plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window("main") {
                // A window that cannot come to the front stays where it is.
                let _ = window.unminimize().and_then(|()| window.set_focus());
            }
        }));
    }
    let built = builder
        .manage(desk)
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let conf = app.config().app.windows.first().cloned().unwrap_or_default();
            WebviewWindowBuilder::from_config(app.handle(), &conf)?
                // WebKit's caches are not encrypted: nothing of them is kept. A window that a test
                // drives needs WebKit's own context.
                .incognito(!place::is_driven())
                .data_directory(place::folder().join("webview"))
                .build()?;
            news::spread(app.handle().clone(), handled.clone());
            if let Some(invitation) = place::invitation() {
                tauri::async_runtime::spawn(async move { join(handled, invitation).await });
            }
            Ok(())
        })
        .build(tauri::generate_context!("../tauri.conf.json"));
    match built {
        Ok(app) => {
            app.run(|app, event| {
                if let RunEvent::Exit = event {
                    let desk = app.state::<desk::Desk>().inner().clone();
                    tauri::async_runtime::block_on(async move { desk.lock().await });
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "the window cannot be opened");
            ExitCode::FAILURE
        }
    }
}

/// Joins with the invitation the computer was set up with. A desk that has joined stays where it is.
async fn join(desk: desk::Desk, invitation: String) {
    if desk.status().phase == desk::status::Phase::FirstRun
        && let Err(failure) = desk.join(&invitation, "", &place::desk_name()).await
    {
        tracing::error!(code = failure.code, "this desk could not join its district");
    }
}
