//! A few simulated districts in every test run; long runs are `cargo xtask sim`.
#![allow(clippy::unwrap_used)]

use wardroom_tests::sim::run;

/// Every seed here is lived twice.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=12;

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
