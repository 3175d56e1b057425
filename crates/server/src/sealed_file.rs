//! Files that are sealed in pieces, so that none can be left out, moved or altered, and none has to fit into memory:
//! a first line that says what it is, a salt, then each piece with its nonce before it and its tag behind.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{Result, ServerError};
use crate::seal::{Key, random};

/// The bytes of a piece before it is sealed; the last may have fewer.
const PIECE: usize = 1024 * 1024;
/// What a seal adds: nonce and tag.
const SEAL: usize = 28;
const SALT: usize = 16;

/// What a file is: `wardroom backup 1` is the first version of a backup.
#[derive(Clone, Copy)]
pub struct Form {
    /// What the pieces are sealed for.
    pub word: &'static str,
    pub version: u16,
    /// Why another file is refused.
    pub refusal: &'static str,
}

impl Form {
    fn first_line(&self) -> String {
        format!("wardroom {} {}\n", self.word, self.version)
    }

    /// Every piece is sealed for its place in its file.
    fn about(&self, salt: &[u8], piece: u64, is_last: bool) -> String {
        let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}|{salt}|{piece}|{}", self.word, if is_last { "last" } else { "more" })
    }
}

/// A file while it is written.
pub struct Sealing<'k> {
    to: BufWriter<File>,
    form: Form,
    key: &'k Key,
    salt: [u8; SALT],
    piece: Zeroizing<Vec<u8>>,
    number: u64,
}

impl<'k> Sealing<'k> {
    pub fn begin(to: File, form: Form, key: &'k Key) -> io::Result<Sealing<'k>> {
        let mut to = BufWriter::new(to);
        let salt = *random::<SALT>();
        to.write_all(form.first_line().as_bytes())?;
        to.write_all(&salt)?;
        Ok(Sealing {
            to,
            form,
            key,
            salt,
            piece: Zeroizing::new(Vec::with_capacity(PIECE)),
            number: 0,
        })
    }

    pub fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            if self.piece.len() == PIECE {
                self.seal(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn seal(&mut self, is_last: bool) -> io::Result<()> {
        let about = self.form.about(&self.salt, self.number, is_last);
        self.to.write_all(&self.key.seal(&about, &self.piece))?;
        self.piece.clear();
        self.number += 1;
        Ok(())
    }

    /// The last piece; without it the file does not open.
    pub fn end(mut self) -> io::Result<()> {
        self.seal(true)?;
        self.to.flush()
    }
}

/// A file while it is read.
pub struct Opening<'k> {
    path: PathBuf,
    from: BufReader<File>,
    form: Form,
    key: &'k Key,
    salt: Vec<u8>,
    /// The next piece, sealed; nothing after the last.
    next: Option<Vec<u8>>,
    number: u64,
}

impl<'k> Opening<'k> {
    /// # Errors
    /// [`ServerError::Damaged`] when it is something else, [`ServerError::Io`] when it cannot be read.
    pub fn begin(path: &Path, form: Form, key: &'k Key) -> Result<Opening<'k>> {
        let failed = |error| ServerError::Io(path.to_owned(), error);
        let mut from = BufReader::new(File::open(path).map_err(failed)?);
        let first_line = form.first_line();
        let head = read_up_to(&mut from, first_line.len() + SALT).map_err(failed)?;
        let (Some(line), Some(salt)) = (head.get(..first_line.len()), head.get(first_line.len()..)) else {
            return Err(ServerError::Damaged(form.refusal));
        };
        if line != first_line.as_bytes() || salt.len() != SALT {
            return Err(ServerError::Damaged(form.refusal));
        }
        let salt = salt.to_vec();
        let next = Some(read_up_to(&mut from, PIECE + SEAL).map_err(failed)?);
        Ok(Opening {
            path: path.to_owned(),
            from,
            form,
            key,
            salt,
            next,
            number: 0,
        })
    }

    /// The next piece, opened; nothing after the last.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`] under another key, when a piece is altered or in another place, and when the end is missing.
    pub fn next(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some(piece) = self.next.take() else {
            return Ok(None);
        };
        let following = read_up_to(&mut self.from, PIECE + SEAL);
        let following = following.map_err(|error| ServerError::Io(self.path.clone(), error))?;
        let is_last = following.is_empty();
        let about = self.form.about(&self.salt, self.number, is_last);
        let plain = self.key.open(&about, &piece)?;
        self.next = (!is_last).then_some(following);
        self.number += 1;
        Ok(Some(plain))
    }
}

fn read_up_to(from: &mut impl Read, size: usize) -> io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(size);
    from.take(size as u64).read_to_end(&mut piece)?;
    Ok(piece)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    const FORM: Form = Form {
        word: "trial",
        version: 1,
        refusal: "this is no trial",
    };

    fn written(path: &Path, key: &Key, plain: &[u8]) {
        let _ = std::fs::remove_file(path);
        let mut to = Sealing::begin(File::create_new(path).unwrap(), FORM, key).unwrap();
        for part in plain.chunks(700_001) {
            to.write(part).unwrap();
        }
        to.end().unwrap();
    }

    fn opened(path: &Path, key: &Key) -> Result<Vec<u8>> {
        let mut from = Opening::begin(path, FORM, key)?;
        let mut all = Vec::new();
        while let Some(piece) = from.next()? {
            all.extend_from_slice(&piece);
        }
        Ok(all)
    }

    #[test]
    fn what_was_sealed_opens_whole_and_in_no_other_way() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("file"), Key::random());
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let plain: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
            written(&path, &key, &plain);
            assert!(opened(&path, &key).unwrap() == plain, "{size}");
        }
        let whole = std::fs::read(&path).unwrap();
        let head = "wardroom trial 1\n".len() + SALT;
        let piece = PIECE + SEAL;
        let broken = |bytes: Vec<u8>| {
            std::fs::write(&path, bytes).unwrap();
            assert!(opened(&path, &key).is_err());
        };
        broken(whole[..head + 2 * piece].to_vec());
        broken([&whole[..head], &whole[head + piece..]].concat());
        broken([&whole[..], b"x"].concat());
        let (first, second) = (&whole[head..head + piece], &whole[head + piece..head + 2 * piece]);
        broken([&whole[..head], second, first, &whole[head + 2 * piece..]].concat());
        for at in [3, head - 1, head, head + piece, whole.len() - 1] {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            broken(altered);
        }
        std::fs::write(&path, &whole).unwrap();
        assert!(opened(&path, &Key::random()).is_err());
        assert_eq!(opened(&path, &key).unwrap().len(), 3 * PIECE);
    }
}
