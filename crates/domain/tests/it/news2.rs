//! NEWS2 at every edge of every band of the RCP's chart (2017).

use domain::entities::round;
use domain::scores::news2::{self, Risk, of};
use domain::{Decimal, Record, RecordId};
use uuid::Uuid;

/// A round in which every parameter scores 0.
fn well() -> Record {
    Record::new("round", RecordId(Uuid::nil()))
        .with(&round::RESPIRATORY_RATE, 16)
        .with(&round::SPO2, 98)
        .with(&round::ON_OXYGEN, "no")
        .with(&round::SYSTOLIC, 120)
        .with(&round::PULSE, 70)
        .with(&round::CONSCIOUSNESS, "alert")
        .with(&round::TEMPERATURE, Decimal::new(370, 1))
}

#[test]
fn respiratory_rate_at_every_edge() {
    for (rate, points) in [
        (0, 3),
        (8, 3),
        (9, 1),
        (11, 1),
        (12, 0),
        (20, 0),
        (21, 2),
        (24, 2),
        (25, 3),
        (60, 3),
    ] {
        assert_eq!(news2::respiratory_rate(rate), points, "{rate}");
        assert_eq!(of(&well().with(&round::RESPIRATORY_RATE, rate)).score(), Some(points));
    }
}

#[test]
fn saturation_on_scale_1_at_every_edge_with_or_without_oxygen() {
    for (percent, points) in [(0, 3), (91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0), (100, 0)] {
        assert_eq!(news2::spo2_scale_1(percent), points, "{percent}");
        for (word, oxygen) in [("no", 0), ("yes", 2)] {
            let round = well().with(&round::SPO2, percent).with(&round::ON_OXYGEN, word);
            assert_eq!(of(&round).score(), Some(points + oxygen));
        }
    }
}

#[test]
fn saturation_on_scale_2_at_every_edge_on_air_and_on_oxygen() {
    for (percent, on_air, on_oxygen) in [
        (0, 3, 3),
        (83, 3, 3),
        (84, 2, 2),
        (85, 2, 2),
        (86, 1, 1),
        (87, 1, 1),
        (88, 0, 0),
        (92, 0, 0),
        (93, 0, 1),
        (94, 0, 1),
        (95, 0, 2),
        (96, 0, 2),
        (97, 0, 3),
        (100, 0, 3),
    ] {
        assert_eq!(news2::spo2_scale_2(percent, false), on_air, "{percent} on air");
        assert_eq!(news2::spo2_scale_2(percent, true), on_oxygen, "{percent} on oxygen");
        let round = well().with(&round::SPO2, percent).with(&round::SPO2_SCALE, "scale_2");
        assert_eq!(of(&round).score(), Some(on_air));
        assert_eq!(of(&round.with(&round::ON_OXYGEN, "yes")).score(), Some(on_oxygen + 2));
    }
}

#[test]
fn systolic_pressure_at_every_edge() {
    for (mmhg, points) in [
        (0, 3),
        (90, 3),
        (91, 2),
        (100, 2),
        (101, 1),
        (110, 1),
        (111, 0),
        (219, 0),
        (220, 3),
        (300, 3),
    ] {
        assert_eq!(news2::systolic(mmhg), points, "{mmhg}");
        assert_eq!(of(&well().with(&round::SYSTOLIC, mmhg)).score(), Some(points));
    }
}

#[test]
fn pulse_at_every_edge() {
    for (rate, points) in [
        (0, 3),
        (40, 3),
        (41, 1),
        (50, 1),
        (51, 0),
        (90, 0),
        (91, 1),
        (110, 1),
        (111, 2),
        (130, 2),
        (131, 3),
        (250, 3),
    ] {
        assert_eq!(news2::pulse(rate), points, "{rate}");
        assert_eq!(of(&well().with(&round::PULSE, rate)).score(), Some(points));
    }
}

#[test]
fn temperature_at_every_edge() {
    for (tenths, points) in [
        (200, 3),
        (350, 3),
        (351, 1),
        (360, 1),
        (361, 0),
        (380, 0),
        (381, 1),
        (390, 1),
        (391, 2),
        (420, 2),
    ] {
        assert_eq!(news2::temperature_tenths(tenths), points, "{tenths}");
        assert_eq!(
            of(&well().with(&round::TEMPERATURE, Decimal::new(tenths, 1))).score(),
            Some(points)
        );
    }
}

#[test]
fn consciousness_is_alert_or_scores_three() {
    for code in domain::codes::round::CONSCIOUSNESS.codes {
        let expected = match code.word {
            "alert" => Some(0),
            "cannot_be_assessed" => None,
            _ => Some(3),
        };
        assert_eq!(
            of(&well().with(&round::CONSCIOUSNESS, code.word)).score(),
            expected,
            "{}",
            code.word
        );
    }
}

#[test]
fn a_missing_input_is_named_and_never_counts_as_nought() {
    let inputs = [
        "respiratory_rate",
        "spo2",
        "on_oxygen",
        "systolic",
        "pulse",
        "consciousness",
        "temperature",
    ];
    for field in inputs {
        let mut round = well();
        round.fields.remove(field);
        let score = of(&round);
        assert_eq!((score.score(), score.risk()), (None, None), "{field}");
        assert_eq!(score.missing(), [field]);
        assert!(!score.points().contains_key(field));
    }
    let nothing = Record::new("round", RecordId(Uuid::nil()));
    assert_eq!(of(&nothing).missing(), inputs);
}

#[test]
fn with_scale_2_and_oxygen_unknown_only_oxygen_is_missing() {
    for percent in [90, 96] {
        let mut round = well().with(&round::SPO2, percent).with(&round::SPO2_SCALE, "scale_2");
        round.fields.remove("on_oxygen");
        assert_eq!(of(&round).missing(), ["on_oxygen"]);
    }
}

#[test]
fn risk_follows_the_thresholds() {
    let check = |round: Record, score: i64, risk: Risk| {
        assert_eq!((of(&round).score(), of(&round).risk()), (Some(score), Some(risk)));
    };
    check(well(), 0, Risk::Low);
    check(
        well().with(&round::PULSE, 120).with(&round::ON_OXYGEN, "yes"),
        4,
        Risk::Low,
    );
    check(well().with(&round::PULSE, 140), 3, Risk::LowMedium);
    check(
        well().with(&round::PULSE, 140).with(&round::SPO2, 95),
        4,
        Risk::LowMedium,
    );
    check(well().with(&round::PULSE, 140).with(&round::SPO2, 93), 5, Risk::Medium);
    check(
        well().with(&round::PULSE, 140).with(&round::SYSTOLIC, 80),
        6,
        Risk::Medium,
    );
    check(
        well()
            .with(&round::PULSE, 140)
            .with(&round::SYSTOLIC, 80)
            .with(&round::SPO2, 95),
        7,
        Risk::High,
    );
}

#[test]
fn the_highest_score_is_twenty() {
    let worst = well()
        .with(&round::RESPIRATORY_RATE, 30)
        .with(&round::SPO2, 80)
        .with(&round::ON_OXYGEN, "yes")
        .with(&round::SYSTOLIC, 80)
        .with(&round::PULSE, 140)
        .with(&round::CONSCIOUSNESS, "pain")
        .with(&round::TEMPERATURE, Decimal::new(340, 1));
    assert_eq!(of(&worst).score(), Some(20));
    assert_eq!(of(&worst).risk(), Some(Risk::High));
}
