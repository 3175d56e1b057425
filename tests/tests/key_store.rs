//! The device secret in the real key store of the operating system; run under a session bus with
//! an unlocked key ring, as `cargo xtask test` does.
#![allow(clippy::unwrap_used)]

use desk::keys::secret::{SecretError, SecretHome, SecretPlace};
use wardroom_tests::headless::Ward;

fn place(folder: &std::path::Path, name: &str) -> SecretPlace {
    SecretPlace::new(SecretHome::KeyStore, folder, name)
}

#[test]
fn the_secret_is_kept_in_the_key_store_and_found_again_and_never_in_the_folder() {
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none() {
        println!("SKIPPED: no session bus with a key store here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let name = format!("test-{}", std::process::id());
    assert!(matches!(place(folder.path(), &name).get(), Err(SecretError::Missing)));
    let made = place(folder.path(), &name).make().unwrap();
    assert_eq!(place(folder.path(), &name).get().unwrap(), made);
    assert!(
        std::fs::read_dir(folder.path()).unwrap().next().is_none(),
        "nothing stands in the folder"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_store_the_desk_says_so_and_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = [
        ("WARDROOM_KEY_STORE", "secret-service"),
        ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"),
    ];
    let mut ward = Ward::start_with(folder.path(), &nowhere).unwrap();
    let args = serde_json::json!({ "name": "Anju Thomas", "username": "anju", "password": "a long enough one" });
    let failure = ward.call("stand_alone", args).await.unwrap_err().to_string();
    assert!(failure.contains("no_key_store"), "{failure}");
    assert!(!folder.path().join("desk.json").exists() && !folder.path().join("device.secret").exists());
}
