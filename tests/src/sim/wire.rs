//! The bytes between a desk and its server, as both ends really frame them, and what becomes of
//! bytes on a bad link.

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::frame::{Unpacker, pack};

use super::chance::Chance;

/// What a captive portal answers to everything.
const PORTAL: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>Please accept the terms of use\
    of this network before you continue. Press OK.</body></html>";

/// So many bits of a frame are flipped, one at a time.
const FLIPS: usize = 8;

/// What happens to bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    Cut,
    Flipped,
    PieceLost,
    FramesSwapped,
    Portal,
}

impl Damage {
    pub fn draw(chance: &mut Chance) -> Damage {
        match chance.weighed(&[40, 20, 15, 15, 10]) {
            0 => Damage::Cut,
            1 => Damage::Flipped,
            2 => Damage::PieceLost,
            3 => Damage::FramesSwapped,
            _ => Damage::Portal,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Damage::Cut => "cut within a frame",
            Damage::Flipped => "bit flipped",
            Damage::PieceLost => "piece of a frame lost",
            Damage::FramesSwapped => "frames reordered",
            Damage::Portal => "captive portal",
        }
    }
}

/// What the other end makes of messages that went over such a link: the messages it read, and
/// whether it holds everything that was said.
///
/// # Errors
/// When a message is read that nobody said.
pub fn carried<T: Serialize + DeserializeOwned + PartialEq>(
    said: &[T],
    damage: Damage,
    chance: &mut Chance,
) -> Result<(Vec<T>, bool)> {
    let mut frames = said
        .iter()
        .map(pack)
        .collect::<Result<Vec<_>, _>>()
        .context("I24: a frame is too large")?;
    if damage == Damage::FramesSwapped && frames.len() > 1 {
        let place = chance.below(frames.len() - 1);
        frames.swap(place, place + 1);
    }
    let whole = frames.concat();
    let bytes = damaged(whole.clone(), damage, chance)?;
    let mut unpacker = Unpacker::default();
    let mut read: Vec<T> = Vec::new();
    // In pieces, as networks deliver.
    let piece = usize::try_from(chance.between(1, 1_500))?;
    'reading: for piece in bytes.chunks(piece) {
        unpacker.push(piece);
        loop {
            match unpacker.take::<T>() {
                Ok(Some(message)) => {
                    ensure!(said.contains(&message), "I16: a message is read that nobody said");
                    read.push(message);
                }
                Ok(None) => break,
                Err(_) => break 'reading,
            }
        }
    }
    Ok((read, bytes == whole && damage != Damage::FramesSwapped))
}

/// One bit after another of each message's frame is flipped: nobody takes it for another message.
///
/// # Errors
/// When somebody does.
pub fn flipped<T: Serialize + DeserializeOwned + PartialEq>(said: &[T], chance: &mut Chance) -> Result<()> {
    for message in said {
        let frame = pack(message).context("I24: a frame is too large")?;
        for _ in 0..FLIPS {
            let mut bytes = frame.clone();
            let place = chance.below(bytes.len());
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << chance.between(0, 7);
            }
            let mut unpacker = Unpacker::default();
            unpacker.push(&bytes);
            if let Ok(Some(read)) = unpacker.take::<T>() {
                ensure!(
                    read == *message,
                    "I16: a frame with a flipped bit is read as another message"
                );
            }
        }
    }
    Ok(())
}

fn damaged(mut bytes: Vec<u8>, damage: Damage, chance: &mut Chance) -> Result<Vec<u8>> {
    let place = chance.below(bytes.len());
    match damage {
        Damage::Cut => bytes.truncate(place),
        Damage::Flipped => {
            let bit = chance.between(0, 7);
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << bit;
            }
        }
        Damage::PieceLost => {
            let end = place + 1 + chance.below(40);
            drop(bytes.drain(place..end.min(bytes.len())));
        }
        Damage::FramesSwapped => {}
        Damage::Portal => bytes = PORTAL.to_vec(),
    }
    Ok(bytes)
}
