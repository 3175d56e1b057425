//! The sample district passes every check, and a seed gives the same district each time.
#![allow(clippy::unwrap_used)]

use domain::world::{Overlay, Records};
use domain::{Time, check};
use sample::{SEED, Size, district};

const NOW: Time = Time(1_795_000_000_000);

#[test]
fn every_record_of_the_sample_passes_every_check() {
    let made = district(SEED, NOW, Size::SMALL);
    let mut common = Overlay::alone();
    for action in &made.actions {
        write(&mut common, action);
    }
    for facility in &made.facilities {
        let mut world = Overlay::over(&common);
        for action in &facility.actions {
            write(&mut world, action);
        }
        assert!(!world.open("bed_stay").unwrap().is_empty());
        assert!(
            world.overlapping("bed_stay").unwrap().is_empty(),
            "nobody lies where another lies"
        );
    }
}

fn write(world: &mut Overlay<'_>, action: &[domain::Draft]) {
    let checked = check(action.to_vec(), world)
        .unwrap()
        .unwrap_or_else(|problems| panic!("{problems:?}"));
    for each in checked {
        let before = world.get(&each.draft().kind, each.draft().id).unwrap();
        let after = domain::check::applied(before.as_ref(), each.draft());
        world.put(after);
    }
}

#[test]
fn the_same_seed_gives_the_same_district() {
    let (one, two) = (district(SEED, NOW, Size::SMALL), district(SEED, NOW, Size::SMALL));
    assert!(one.actions == two.actions);
    assert!(
        one.facilities
            .iter()
            .zip(&two.facilities)
            .all(|(a, b)| a.actions == b.actions)
    );
    let other = district(SEED + 1, NOW, Size::SMALL);
    assert!(one.actions != other.actions);
}
