//! The shell around a desk: the window, its commands and its timers. No rule of the ward lives here.

use std::process::ExitCode;

use tauri::webview::NewWindowResponse;
use tauri::{Manager, RunEvent, Url, WebviewWindowBuilder};

mod commands;

mod news;

mod place;

mod sparing;

/// What the web view would fetch over a network goes through here, where nothing listens and only the system could: its
/// pages come from the program itself, and even a link that is refused would be connected to in advance.
const NOWHERE: &str = "http://127.0.0.1:1";

/// Runs the window until it is closed.
pub fn run() -> ExitCode {
    place::forbid_driving();
    sparing::spare_the_computer();
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
            let mut window = WebviewWindowBuilder::from_config(app.handle(), &conf)?;
            if !cfg!(dev) {
                window = window.proxy_url(Url::parse(NOWHERE)?);
            }
            window
                // WebKit's caches are not encrypted: nothing of them is kept. A window that a test
                // drives needs WebKit's own context.
                .incognito(!place::is_driven())
                .data_directory(place::folder().join("webview"))
                // A page that was taken over leads nowhere: what it can read stays here.
                .on_navigation(is_own_page)
                .on_new_window(|_, _| NewWindowResponse::Deny)
                .on_download(|_, _| false)
                .build()?;
            news::spread(app.handle().clone(), handled.clone());
            // A desk that has joined stays where it is.
            if handled.status().phase == desk::status::Phase::FirstRun
                && let Some(invitation) = place::invitation()
            {
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

/// Whether the window's own pages stand there. Tauri serves them under a scheme of its own, and where a system's web view
/// cannot have one, under this name.
fn is_own_page(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        "http" | "https" if address.host_str() == Some("tauri.localhost") => true,
        "http" => cfg!(dev) && address.host_str() == Some("localhost"),
        "about" => address.path() == "blank",
        _ => false,
    }
}

/// Joins with the invitation the computer was set up with.
async fn join(desk: desk::Desk, invitation: String) {
    if let Err(failure) = desk.join(&invitation, "", &place::desk_name()).await {
        tracing::error!(code = failure.code, "this desk could not join its district");
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_window_shows_no_pages_but_its_own() {
        for (address, is_own) in [
            ("tauri://localhost/#/beds", true),
            ("http://tauri.localhost/", true),
            ("https://tauri.localhost/", true),
            ("about:blank", true),
            ("tauri://elsewhere/", false),
            ("http://tauri.localhost.example/", false),
            ("https://district.example/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("javascript:alert(1)", false),
            ("http://127.0.0.1:8443/", false),
        ] {
            let address = Url::parse(address).unwrap();
            assert_eq!(is_own_page(&address), is_own, "{address}");
        }
    }
}
