//! Simulated districts in every test run; long runs are `cargo xtask sim`.
#![allow(clippy::unwrap_used)]

use wardroom_tests::cluster::Cluster;
use wardroom_tests::sim::{Kept, Scale, run_in, run_twice};

/// Every seed here is lived twice.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=200;

#[test]
fn in_simulated_districts_nothing_is_lost_nothing_overwritten_and_everybody_comes_to_hold_the_same() {
    let workers = [0, 1].map(|half| {
        std::thread::spawn(move || {
            let mut acknowledged = 0;
            for seed in SEEDS.filter(|seed| seed % 2 == half) {
                let outcome = run_twice(seed, Scale::Short).unwrap();
                assert_eq!(outcome.violation, None, "cargo xtask sim --short --seed {seed} --trace");
                acknowledged += outcome.acknowledged;
            }
            acknowledged
        })
    });
    // Both end before anything is said about either.
    let ended = workers.map(|worker| worker.join());
    let acknowledged: u64 = ended.into_iter().map(|lived| lived.unwrap()).sum();
    assert!(acknowledged > 5 * SEEDS.count() as u64, "only {acknowledged} edits");
}

/// Seeds that are lived in both databases.
const COMPARED: std::ops::RangeInclusive<u64> = 1..=8;

#[test]
fn a_district_comes_to_the_same_bytes_in_a_file_and_in_postgresql() {
    let cluster = match Cluster::of_process() {
        Ok(cluster) => cluster,
        Err(why) => return println!("SKIPPED: {why}"),
    };
    let mut acknowledged = 0;
    for seed in COMPARED {
        let file = run_in(seed, Scale::Short, Kept::InFileWhole).unwrap();
        let postgres = run_in(seed, Scale::Short, Kept::InPostgres(cluster)).unwrap();
        assert_eq!((&file.violation, &postgres.violation), (&None, &None), "seed {seed}");
        assert_eq!(file.ending, postgres.ending, "seed {seed}");
        assert_eq!(file.trace, postgres.trace, "seed {seed}");
        assert!(file.ending.len() > 1);
        acknowledged += file.acknowledged;
    }
    assert!(acknowledged > 0);
}
