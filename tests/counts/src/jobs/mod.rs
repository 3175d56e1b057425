//! What is counted: each job prepares what it needs and is then done over and over.

mod pure;
mod stored;

use std::path::Path;

use crate::Result;

pub use stored::make_file;

/// One job.
pub struct Job {
    pub name: &'static str,
    /// What one time of it is.
    pub what: &'static str,
    /// How often it is done in the short run. What is only needed the first time is done by then.
    pub few: usize,
    /// How often it is done in the long run.
    pub many: usize,
    /// Makes ready for so many times, whether they are all used or not: both runs prepare the same.
    prepare: fn(&Path, usize) -> Result<Once>,
}

/// Does the job once.
type Once = Box<dyn FnMut() -> Result<()>>;

impl Job {
    /// Prepares, and does it so many times. What is left over is not put away: the program is to end at once.
    ///
    /// # Errors
    /// When the job fails: then nothing was counted.
    pub fn run(&self, times: usize, folder: &Path) -> Result<()> {
        let mut once = (self.prepare)(folder, self.many)?;
        for _ in 0..times {
            once()?;
        }
        std::mem::forget(once);
        Ok(())
    }
}

const fn job(
    name: &'static str,
    what: &'static str,
    (few, many): (usize, usize),
    prepare: fn(&Path, usize) -> Result<Once>,
) -> Job {
    Job {
        name,
        what,
        few,
        many,
        prepare,
    }
}

/// Every job, in the order of the house.
pub const JOBS: &[Job] = &[
    job(
        "check_patient",
        "a registration of 12 fields, tried by every rule",
        (20, 220),
        pure::check_patient,
    ),
    job(
        "check_round",
        "a round, tried by every rule",
        (20, 220),
        pure::check_round,
    ),
    job("news2", "the score of a round", (100, 2_100), pure::news2),
    job(
        "encode_one_field",
        "a change of one field, as bytes",
        (20, 220),
        pure::encode_one_field,
    ),
    job(
        "encode_patient",
        "a change of 12 fields, as bytes",
        (20, 220),
        pure::encode_patient,
    ),
    job(
        "decode_patient",
        "the same from its bytes",
        (20, 220),
        pure::decode_patient,
    ),
    job(
        "fold",
        "20 changes of one patient from two desks, with a conflict",
        (20, 220),
        pure::fold,
    ),
    job(
        "digest",
        "what that patient adds to the digest of the space",
        (20, 220),
        pure::digest,
    ),
    job(
        "pack_frame",
        "100 registrations into one frame",
        (2, 12),
        pure::pack_frame,
    ),
    job("read_frame", "the same out of it", (2, 12), pure::read_frame),
    job(
        "save_one_field",
        "one field saved into a file of 1,000 patients",
        (10, 60),
        stored::save_one_field,
    ),
    job("save_round", "a round saved into it", (10, 60), stored::save_round),
    job(
        "absorb",
        "a page of 20 registrations taken into it",
        (2, 12),
        stored::absorb,
    ),
    job(
        "search",
        "20 patients by three letters, best first",
        (10, 60),
        stored::search,
    ),
];
