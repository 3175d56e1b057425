//! Frames: what goes over the wire piece by piece. Each is compressed and hashed by itself, so
//! that a cut connection keeps every whole frame and a flipped bit is found.
//!
//! Layout: length of the body (4 bytes, big endian), length when unpacked (4 bytes), first 16 bytes
//! of the BLAKE3 hash of the unpacked body, body (zstd of JSON).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::digest::Hash;

/// The most bytes a frame may have, packed or unpacked.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
const HEAD_BYTES: usize = 24;
const LEVEL: i32 = 3;

/// What is wrong with a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    #[error("a frame of {0} bytes is larger than allowed")]
    TooLarge(usize),
    #[error("a frame was altered or cut on its way")]
    Damaged,
    #[error("a frame is not of the expected form")]
    Unreadable,
}

/// Packs a message into one frame.
///
/// # Errors
/// [`BadFrame::TooLarge`] when it exceeds [`MAX_BYTES`].
pub fn pack(message: &impl Serialize) -> Result<Vec<u8>, BadFrame> {
    let plain = serde_json::to_vec(message).map_err(|_| BadFrame::Unreadable)?;
    if plain.len() > MAX_BYTES {
        return Err(BadFrame::TooLarge(plain.len()));
    }
    let body = zstd::bulk::compress(&plain, LEVEL).map_err(|_| BadFrame::Unreadable)?;
    let mut frame = Vec::with_capacity(HEAD_BYTES + body.len());
    frame.extend(length(body.len())?.to_be_bytes());
    frame.extend(length(plain.len())?.to_be_bytes());
    frame.extend(Hash::of(&plain).0.iter().take(16));
    frame.extend(body);
    Ok(frame)
}

fn length(bytes: usize) -> Result<u32, BadFrame> {
    u32::try_from(bytes).map_err(|_| BadFrame::TooLarge(bytes))
}

/// Takes frames out of bytes that arrive in any pieces.
#[derive(Default)]
pub struct Unpacker {
    waiting: Vec<u8>,
}

impl Unpacker {
    pub fn push(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// True when bytes of an unfinished frame are waiting.
    pub fn is_within_frame(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The next whole message, or `None` until more bytes arrive.
    ///
    /// # Errors
    /// [`BadFrame`]: nothing after it can be trusted.
    pub fn take<T: DeserializeOwned>(&mut self) -> Result<Option<T>, BadFrame> {
        let Some((head, rest)) = self.waiting.split_at_checked(HEAD_BYTES) else {
            return Ok(None);
        };
        let number = |range: std::ops::Range<usize>| {
            let bytes = head
                .get(range)
                .and_then(|bytes| bytes.try_into().ok())
                .ok_or(BadFrame::Damaged)?;
            usize::try_from(u32::from_be_bytes(bytes)).map_err(|_| BadFrame::Damaged)
        };
        let (packed, unpacked) = (number(0..4)?, number(4..8)?);
        if packed.max(unpacked) > MAX_BYTES {
            return Err(BadFrame::TooLarge(packed.max(unpacked)));
        }
        let Some(body) = rest.get(..packed) else {
            return Ok(None);
        };
        let plain = zstd::bulk::decompress(body, unpacked).map_err(|_| BadFrame::Damaged)?;
        let is_damaged = Hash::of(&plain).0.get(..16) != head.get(8..HEAD_BYTES);
        if plain.len() != unpacked || planted!(HashUnchecked, false, is_damaged) {
            return Err(BadFrame::Damaged);
        }
        let message = serde_json::from_slice(&plain).map_err(|_| BadFrame::Unreadable)?;
        self.waiting.drain(..HEAD_BYTES + packed);
        Ok(Some(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_read_back_whatever_the_pieces() {
        let messages = vec!["a".repeat(1_000), "b".to_owned(), String::new()];
        let bytes: Vec<u8> = messages.iter().flat_map(|message| pack(message).unwrap()).collect();
        for piece in [1, 7, 24, 25, 1_000] {
            let mut unpacker = Unpacker::default();
            let mut found: Vec<String> = Vec::new();
            for chunk in bytes.chunks(piece) {
                unpacker.push(chunk);
                while let Some(message) = unpacker.take().unwrap() {
                    found.push(message);
                }
            }
            assert_eq!(found, messages);
            assert!(!unpacker.is_within_frame());
        }
    }

    #[test]
    fn any_flipped_bit_is_found() {
        let frame = pack(&"Lakshmi in bed 7").unwrap();
        for index in 0..frame.len() {
            let mut damaged = frame.clone();
            damaged[index] ^= 1;
            let mut unpacker = Unpacker::default();
            unpacker.push(&damaged);
            let read = unpacker.take::<String>();
            assert!(!matches!(read, Ok(Some(_))), "byte {index}");
        }
    }

    #[test]
    fn a_frame_that_claims_too_much_is_refused_before_it_is_unpacked() {
        let mut unpacker = Unpacker::default();
        let mut head = vec![0xff; 8];
        head.extend([0; 16]);
        unpacker.push(&head);
        assert!(matches!(unpacker.take::<String>(), Err(BadFrame::TooLarge(_))));
    }
}
