//! Who signed in on a desk: whoever writes there did once, and somebody who may read there does so with the network
//! before it says anything. What they are given is signed by the district's server.

use anyhow::{Context, Result, ensure};
use desk::grants;
use domain::RecordId;
use server::Server;
use server::exchange::grants::Grants;
use sync_core::ChangeId;
use sync_core::entry::Grant as Given;
use sync_core::exchange::{Answer, Ask, Reason, SHOWS_GRANTS};
use uuid::Uuid;

use super::world::World;
use crate::signed_in::grant;

/// An admin of the district, who comes where nobody else may read.
pub const OFFICER: RecordId = RecordId(Uuid::from_u128(0x000f_f1ce));

impl World {
    /// The person signs in on the desk, unless they did before.
    pub fn sign_in(&mut self, desk: usize, person: RecordId) -> Result<()> {
        let store = self.desks[desk].store().clone();
        if grants::to_show(&store, &[person].into())?
            .iter()
            .any(|signed| given(signed).is_some_and(|given| given.person == person))
        {
            return Ok(());
        }
        let given = grant(self.district.first(), self.desks[desk].device, person);
        grants::keep(&store, person, &given).context("a sign-in failed")
    }

    /// With the key of a device, and a program that shows grants, somebody writes in the name of a nurse who never signed
    /// in there.
    pub fn in_anothers_name(&mut self, number: usize, node: &Server) -> Result<()> {
        self.fault("malice: in the name of somebody who never signed in");
        let actor = self.hospitals[number].people[0].id;
        let note = self.note(number, actor, 1);
        let changes = self.changes(number, &note, 1);
        let nobody = RecordId(self.chance.id(self.now_ms()));
        let stranger = &self.hospitals[number].stranger;
        let device = stranger.device;
        let known = node.device(device)?.context("a device of the hospital")?;
        let mut grants = Grants::none(&known);
        grants.hear(SHOWS_GRANTS);
        grants.see(&[grant(node, device, nobody)], &known, node)?;
        let answer = node.push(device, &stranger.batch(&changes)?, &grants)?;
        let Answer::Receipt { numbered, parked, .. } = &answer else {
            anyhow::bail!("I15: an authentic batch is answered with {answer:?}");
        };
        ensure!(
            numbered.is_empty() && parked.iter().all(|parked| parked.reason == Reason::NotSignedIn),
            "I13: what nobody proves to have written is taken in"
        );
        let parked = parked.iter().map(|parked| {
            let seq = parked.seq;
            (ChangeId { device, seq }, parked.reason)
        });
        self.district.known.parked.extend(parked);
        self.hospitals[number].stranger.keep(changes);
        self.oracle.asked("I13");
        Ok(())
    }

    /// Somebody who may read on the desk signs in there, if nobody who did still may: of the hospital, or of the district.
    pub fn attend(&mut self, desk: usize) -> Result<()> {
        let server = self.district.first().clone();
        let (device, store) = (self.desks[desk].device, self.desks[desk].store().clone());
        let Some(known) = server.device(device)? else {
            return Ok(());
        };
        let shown = grants::to_show(&store, &std::collections::BTreeSet::new())?;
        for signed in &shown {
            if server.may_read(
                &server::db::device::Device {
                    speaks: SHOWS_GRANTS,
                    ..known.clone()
                },
                Some(signed),
            )? {
                return Ok(());
            }
        }
        let hospital = &self.hospitals[self.desks[desk].hospital];
        let works = |person: RecordId| {
            let known = self.district.known.grants.get(&person);
            known.is_some_and(|known| known.is_active && known.facility == hospital.facility)
        };
        let nurse = hospital
            .people
            .iter()
            .map(|person| person.id)
            .find(|person| works(*person));
        let person = nurse.unwrap_or(OFFICER);
        grants::keep(&store, person, &grant(&server, device, person)).context("a sign-in failed")
    }
}

fn given(signed: &sync_core::entry::SignedGrant) -> Option<Given> {
    serde_json::from_str(&signed.text).ok()
}

/// What proves comes before what is proven, whatever else of a request changes its place: within TLS nothing does.
pub fn grants_first(asks: &mut [Ask]) {
    asks.sort_by_key(|ask| !matches!(ask, Ask::Grants(_)));
}
