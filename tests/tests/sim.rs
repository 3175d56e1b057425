//! A few simulated districts in every test run; long runs are `cargo xtask sim`.
#![allow(clippy::unwrap_used)]

use wardroom_tests::cluster::Cluster;
use wardroom_tests::sim::{Kept, run, run_in};

/// Every seed here is lived twice.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=12;

/// Every seed here is lived in both databases.
const COMPARED: [u64; 2] = [2, 5];

#[test]
fn in_simulated_districts_nothing_is_lost_nothing_overwritten_and_everybody_comes_to_hold_the_same() {
    let workers: Vec<_> = [0, 1]
        .map(|half| {
            std::thread::spawn(move || {
                for seed in SEEDS.filter(|seed| seed % 2 == half) {
                    let (first, second) = (run(seed).unwrap(), run(seed).unwrap());
                    assert_eq!(first.violation, None, "cargo xtask sim --seed {seed} --trace");
                    assert!(first.acknowledged > 0, "seed {seed} did nothing");
                    assert_eq!(first.trace, second.trace, "seed {seed} is lived in two ways");
                }
            })
        })
        .into();
    for worker in workers {
        worker.join().unwrap();
    }
}

#[test]
fn a_district_comes_to_the_same_bytes_in_a_file_and_in_postgresql() {
    let cluster = match Cluster::of_process() {
        Ok(cluster) => cluster,
        Err(why) => return println!("SKIPPED: {why}"),
    };
    let mut restored = 0;
    for seed in COMPARED {
        let (file, postgres) = (run(seed).unwrap(), run_in(seed, Kept::InPostgres(cluster)).unwrap());
        assert_eq!((&file.violation, &postgres.violation), (&None, &None), "seed {seed}");
        assert_eq!(file.ending, postgres.ending, "seed {seed}");
        assert_eq!(file.trace, postgres.trace, "seed {seed}");
        assert!(file.ending.len() > 1);
        restored += postgres.faults.get("server restored").copied().unwrap_or_default();
    }
    assert!(restored > 0, "no seed here restores its server");
}
