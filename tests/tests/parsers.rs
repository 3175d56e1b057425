//! Every reader of foreign bytes, with real encodings that are bent: cut, flipped, spliced, and larger than they claim.
//! None may panic, take long, or take much memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wardroom_tests::parsers::{PARSERS, Parser, kept};

/// How often each is tried, or more often with `PROPTEST_CASES`, and how long one reading may take.
const TRIES: u32 = 300;
const LONGEST: Duration = Duration::from_secs(10);
/// What all of them together may take of memory.
const MOST_KIB: usize = 1_500_000;

/// One way to bend bytes.
#[derive(Clone, Debug)]
enum Bend {
    Flip(usize, u8),
    Cut(usize),
    Drop(usize, usize),
    Repeat(usize, usize, usize),
    /// Bytes that readers stumble over.
    Put(usize, &'static [u8]),
    /// A stretch of another encoding.
    Splice(usize, usize, usize, usize),
}

const ODD: &[&[u8]] = &[
    b"\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff\xff\xff\xff\xff",
    b"18446744073709551615",
    b"-9223372036854775808",
    b"1e999",
    b"null",
    b"[[[[[[[[[[[[[[[[",
    b"{\"a\":",
    b"\\ud800",
    b"\\u0000",
    b"\xc3\x28",
    b"\xe2\x80\xae",
    b"\"\"",
    b"..",
    b"\x28\xb5\x2f\xfd",
    b"999999999",
    b"00000000-0000-0000-0000-000000000000",
    b"9999-99-99",
];

fn bend() -> impl Strategy<Value = Bend> {
    let at = || any::<usize>();
    prop_oneof![
        4 => (at(), 1..=255_u8).prop_map(|(at, with)| Bend::Flip(at, with)),
        1 => at().prop_map(Bend::Cut),
        1 => (at(), 1..64_usize).prop_map(|(at, count)| Bend::Drop(at, count)),
        1 => (at(), 1..64_usize, 1..200_usize).prop_map(|(at, count, times)| Bend::Repeat(at, count, times)),
        4 => (at(), 0..ODD.len()).prop_map(|(at, which)| Bend::Put(at, ODD[which])),
        2 => (at(), at(), at(), 1..200_usize).prop_map(|(at, other, from, count)| Bend::Splice(at, other, from, count)),
    ]
}

fn bent(mut bytes: Vec<u8>, bends: &[Bend], all: &[Vec<u8>]) -> Vec<u8> {
    for bend in bends {
        let place = |at: usize, bytes: &[u8]| if bytes.is_empty() { 0 } else { at % bytes.len() };
        match *bend {
            Bend::Flip(at, with) => {
                let at = place(at, &bytes);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= with;
                }
            }
            Bend::Cut(at) => bytes.truncate(place(at, &bytes)),
            Bend::Drop(at, count) => {
                let at = place(at, &bytes);
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Bend::Repeat(at, count, times) => {
                let at = place(at, &bytes);
                let stretch = bytes[at..(at + count).min(bytes.len())].repeat(times);
                bytes.splice(at..at, stretch);
            }
            Bend::Put(at, odd) => {
                let at = place(at, &bytes);
                bytes.splice(at..(at + odd.len() / 2).min(bytes.len()), odd.iter().copied());
            }
            Bend::Splice(at, other, from, count) => {
                let other = &all[other % all.len()];
                let (at, from) = (place(at, &bytes), place(from, other));
                let stretch = other[from..(from + count).min(other.len())].to_vec();
                bytes.splice(at..(at + count).min(bytes.len()), stretch);
            }
        }
    }
    bytes
}

/// How long this thread has worked; how long it waited for others says nothing of a reader.
fn worked() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split_whitespace().next().and_then(|number| number.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or_default())
}

/// Reads the bytes; what is refused says why, and does not repeat them.
fn read(parser: &Parser, bytes: &[u8]) -> Result<bool, TestCaseError> {
    let begun = worked();
    let read = (parser.read)(bytes);
    let took = worked().saturating_sub(begun);
    prop_assert!(took < LONGEST, "{} works for {took:?}", parser.name);
    if let Err(why) = &read {
        prop_assert!(!why.is_empty() && why.len() < 300, "{}: {why}", parser.name);
        prop_assert!(
            !why.contains("Lakshmikutty") && !why.contains("9447012345"),
            "{}: {why}",
            parser.name
        );
    }
    Ok(read.is_ok())
}

#[test]
fn every_reader_knows_its_real_encodings() {
    for parser in PARSERS {
        let real = kept(parser).unwrap();
        assert!(!real.is_empty(), "{} has no corpus", parser.name);
        let good = real.iter().filter(|bytes| (parser.read)(bytes).is_ok()).count();
        // A copy opens at the desk that it was made for alone, and a secret is not among the files.
        let knows_none = matches!(parser.name, "unsent_copies" | "desk_file");
        assert!(good > 0 || knows_none, "{} reads none of its own", parser.name);
    }
}

#[test]
fn no_reader_stumbles_over_what_was_bent() {
    for parser in PARSERS {
        let real = kept(parser).unwrap();
        let config = Config {
            cases: TRIES.max(Config::default().cases),
            failure_persistence: None,
            ..Config::default()
        };
        let bends = (any::<usize>(), prop::collection::vec(bend(), 0..6));
        let tried = TestRunner::new(config).run(&bends, |(which, bends)| {
            let bytes = bent(real[which % real.len()].clone(), &bends, &real);
            read(parser, &bytes).map(drop)
        });
        tried.unwrap_or_else(|error| panic!("{}: {error}", parser.name));
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak: usize = peak
        .and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default();
    assert!(peak < MOST_KIB, "all of them took {peak} KiB");
}

#[test]
fn no_reader_takes_noise_or_nothing_for_anything() {
    for parser in PARSERS {
        for bytes in [
            &b""[..],
            &[0; 64],
            &[0xff; 4_096],
            &b"[".repeat(200_000),
            b"{",
            b"\"",
            b"null",
            &[b'9'; 5_000],
        ] {
            read(parser, bytes).unwrap();
        }
    }
}

/// The targets are built where cargo-fuzz is installed alone: what they say is known.
#[test]
fn every_reader_has_its_fuzz_target() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for parser in PARSERS {
        let path = format!("fuzz_targets/{}.rs", parser.name);
        assert!(manifest.contains(&format!("path = \"{path}\"")), "{path} is not built");
        let target = std::fs::read_to_string(folder.join(path)).unwrap();
        assert!(
            target.contains(&format!("parsers::named(\"{}\").read", parser.name)),
            "{target}"
        );
    }
}
