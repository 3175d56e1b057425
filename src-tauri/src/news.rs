//! Tells the window what changed, and locks a desk that nobody touches.

use std::time::Duration;

use desk::Desk;
use desk::desk::Notice;
use serde::Serialize;
use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::error::RecvError;

/// The event the window listens to.
const CHANGED: &str = "changed";
/// How often the desk looks whether it was left alone.
const LOOK_EVERY: Duration = Duration::from_secs(5);

#[derive(Clone, Serialize)]
struct Changed {
    /// Empty: everything may have changed.
    kinds: Vec<String>,
}

/// Begins telling and watching.
pub fn spread(app: AppHandle, desk: Desk) {
    let watched = desk.clone();
    tauri::async_runtime::spawn(async move {
        let mut notices = desk.notices();
        loop {
            let kinds = match notices.recv().await {
                Ok(Notice::Records(kinds)) => kinds,
                Ok(Notice::Status) => vec!["status".to_owned()],
                // What was missed is made up for by refreshing everything.
                Err(RecvError::Lagged(_)) => Vec::new(),
                Err(RecvError::Closed) => break,
            };
            // A window that is gone needs no news.
            let _ = app.emit(CHANGED, Changed { kinds });
        }
    });
    tauri::async_runtime::spawn(async move {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            watched.time_passes();
            watched.lock_if_idle().await;
        }
    });
}
