//! How much goes in one round fits the link: at 2 kbit/s, cut twice a minute, everything arrives all the same.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::Duration;

use wardroom_tests::net::reckoned::{Figures, Reckoned, Took};

const PEOPLE: u128 = 120;

/// What sending and fetching took on a link.
struct Told {
    sent: Took,
    fetched: Took,
}

fn over(figures: Figures, most_s: f64) -> Told {
    let folder = tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap();
    let mut district = Reckoned::new(folder.path()).unwrap();
    let (writer, reader) = (
        district.desk(folder.path()).unwrap(),
        district.desk(folder.path()).unwrap(),
    );
    district.register(&writer, PEOPLE).unwrap();
    let sent = district.exchange(&writer, figures, most_s).unwrap();
    assert_eq!(writer.store.unsent().unwrap(), 0);
    let fetched = district.exchange(&reader, figures, most_s).unwrap();
    let facility = |desk: &wardroom_tests::net::reckoned::DeskThere| {
        let spaces = desk.store.spaces().unwrap();
        spaces
            .iter()
            .map(|space| (space.cursor, space.digest))
            .collect::<Vec<_>>()
    };
    district.exchange(&writer, figures, most_s).unwrap();
    assert_eq!(facility(&writer), facility(&reader));
    Told { sent, fetched }
}

fn figures(kbit_per_s: f64, delay_ms: u64, cut_every_s: Option<u64>) -> Figures {
    Figures {
        bytes_per_s: kbit_per_s * 125.0,
        delay: Duration::from_millis(delay_ms),
        cut_every: cut_every_s.map(Duration::from_secs),
    }
}

#[test]
fn everything_arrives_over_the_slowest_links_however_often_they_are_cut() {
    let fair = over(figures(10_000.0, 1, None), 60.0);
    for (kbit_per_s, delay_ms, cut_every_s) in [
        (2.0, 600, None),
        (2.0, 600, Some(30)),
        (2.0, 2_000, Some(30)),
        (5.0, 2_000, Some(30)),
        (50.0, 600, Some(60)),
    ] {
        let told = over(figures(kbit_per_s, delay_ms, cut_every_s), 1_200.0);
        println!(
            "{kbit_per_s:>4} kbit/s, {delay_ms:>4} ms, cut every {cut_every_s:?} s: sent {:?}, fetched {:?}",
            told.sent, told.fetched
        );
        for (took, fair) in [(told.sent, fair.sent), (told.fetched, fair.fetched)] {
            // What was carried whole is not carried again: each connection costs itself and what broke with it.
            let most = 2 * fair.bytes + 8_000 * usize::try_from(took.connections).unwrap();
            assert!(took.bytes < most, "{} bytes of {}", took.bytes, fair.bytes);
        }
    }
}
