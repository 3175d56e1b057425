//! What a desk keeps of somebody who signed in there with the network, without asking for a password.

use desk::grants;
use domain::{RecordId, Time};
use server::Server;
use store::Store;
use sync_core::DeviceId;
use sync_core::entry::{Grant, SignedGrant};

/// The grant of a person on a device, signed by the server, good for 14 days.
///
/// # Panics
/// When the server cannot read its database.
pub fn grant(server: &Server, device: DeviceId, person: RecordId) -> SignedGrant {
    let known = server.device(device).expect("the database can be read");
    let now_ms = server.now_ms();
    let grant = Grant {
        device,
        person,
        username: String::new(),
        name: String::new(),
        role: String::new(),
        spaces: known
            .map(|device| server.spaces_of(&device).to_vec())
            .unwrap_or_default(),
        issued: Time(now_ms),
        not_after: Time(now_ms + 14 * Time::DAY_MS),
        policy: 1,
    };
    SignedGrant::new(&server.own().signing_key, &grant)
}

/// Lets a person sign in on the desk of `store` with the network, unless they did under the desk's present name.
///
/// # Errors
/// When the desk's file cannot be read or written.
pub fn sign_in(store: &Store, server: &Server, person: RecordId) -> Result<(), desk::Failure> {
    let device = store.device();
    let kept = grants::to_show(store, &[person].into())?.into_iter();
    let mut kept = kept.filter_map(|signed| signed.read(&server.verifying_key()));
    if kept.any(|grant| grant.person == person && grant.device == device) {
        return Ok(());
    }
    grants::keep(store, person, &grant(server, device, person))
}
