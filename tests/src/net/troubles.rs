//! The troubles that are lived: quick ones in every test run, slow ones by command.

use std::time::Duration;

use super::gateway::Meddling;
use super::trouble::{Shows, Trouble, What};
use super::weather::{Both, Door, End, Loss, Weather};

const QUICK: Duration = Duration::from_secs(45);

fn weather(name: &'static str, shows: Shows, breaks: bool, weather: Weather) -> Trouble {
    Trouble {
        name,
        what: What::Weather { weather, breaks },
        shows,
        edits: 2,
        within: QUICK,
    }
}

fn meddling(name: &'static str, shows: Shows, meddling: Meddling) -> Trouble {
    Trouble {
        name,
        what: What::Meddling(meddling),
        shows,
        edits: 2,
        within: QUICK,
    }
}

fn door(door: Door) -> Weather {
    Weather {
        door,
        ..Weather::fair()
    }
}

fn cut_after(up: Option<u64>, down: Option<u64>, end: End) -> Weather {
    Weather {
        cut_after: Both { up, down },
        end,
        ..Weather::fair()
    }
}

/// Links that are there, and only bad.
pub fn bad_links() -> Vec<Trouble> {
    use Shows::GoesOn;
    let lossy = Weather {
        loss: Some(Loss {
            per_mille: 100,
            pause_ms: 300,
        }),
        ..Weather::slow(128, 20..=80)
    };
    vec![
        weather("no trouble", GoesOn, false, Weather::fair()),
        weather("50 kbit/s", GoesOn, true, Weather::slow(50, 100..=300)),
        weather("losses", GoesOn, true, lossy),
        weather(
            "cut after 3 kB up",
            GoesOn,
            true,
            cut_after(Some(3_000), None, End::Close),
        ),
        weather(
            "reset after 6 kB down",
            GoesOn,
            true,
            cut_after(None, Some(6_000), End::Reset),
        ),
        Trouble {
            edits: 1,
            ..weather(
                "silent after 6 kB down",
                GoesOn,
                true,
                cut_after(None, Some(6_000), End::Silence),
            )
        },
    ]
}

/// Links over which nothing comes.
pub fn no_links() -> Vec<Trouble> {
    use Shows::Offline;
    let deaf = |up, down| Weather {
        is_deaf: Both { up, down },
        ..Weather::fair()
    };
    let late = Weather {
        delay_ms: Some(9_000..=12_000),
        ..Weather::fair()
    };
    vec![
        weather("refused", Offline, true, door(Door::Refused)),
        weather("reset", Offline, true, door(Door::Reset)),
        weather("half-open", Offline, true, door(Door::HalfOpen)),
        weather("only requests pass", Offline, true, deaf(false, true)),
        weather("only replies pass", Offline, true, deaf(true, false)),
        weather("later than anybody waits", Offline, true, late),
    ]
}

/// Other servers at the address.
pub fn strangers() -> Vec<Trouble> {
    vec![Trouble {
        name: "another certificate",
        what: What::Foreign,
        shows: Shows::Problem("certificate_changed"),
        edits: 2,
        within: QUICK,
    }]
}

/// Somebody in between.
pub fn meddlers() -> Vec<Trouble> {
    use Shows::{Offline, Problem};
    vec![
        meddling("portal, page", Offline, Meddling::Page(200)),
        meddling("portal, redirect", Offline, Meddling::Redirect),
        meddling("proxy, 403", Offline, Meddling::Page(403)),
        meddling("proxy, 407", Offline, Meddling::Page(407)),
        meddling("proxy, 502", Offline, Meddling::Page(502)),
        meddling("proxy, 503", Offline, Meddling::Page(503)),
        meddling("proxy, 413", Problem("way_too_narrow"), Meddling::Page(413)),
        meddling("truncated, length rewritten", Offline, Meddling::Half),
        meddling("truncated, broken off", Offline, Meddling::Broken),
        meddling("recompressed and altered", Problem("answer_damaged"), Meddling::Mangled),
        meddling("each request twice", Offline, Meddling::Twice),
    ]
}

/// Links so slow that minutes pass.
pub fn slow_links() -> Vec<Trouble> {
    let slow = |name, edits, minutes: u64, of| Trouble {
        edits,
        within: Duration::from_secs(60 * minutes),
        ..weather(name, Shows::GoesOn, true, of)
    };
    let lossy = Weather {
        loss: Some(Loss {
            per_mille: 50,
            pause_ms: 3_000,
        }),
        ..Weather::slow(20, 600..=1_000)
    };
    let cut = Weather {
        cut_every_ms: Some(30_000),
        ..Weather::slow(2, 600..=800)
    };
    let silent = Weather {
        cut_every_ms: Some(60_000),
        end: End::Silence,
        ..Weather::slow(10, 600..=2_000)
    };
    vec![
        slow("50 kbit/s, 600 to 2000 ms", 10, 10, Weather::slow(50, 600..=2_000)),
        slow("20 kbit/s, 5 % lost for 3 s", 5, 15, lossy),
        slow("10 kbit/s, silent every minute", 5, 15, silent),
        slow("2 kbit/s, 600 to 2000 ms", 5, 20, Weather::slow(2, 600..=2_000)),
        slow("2 kbit/s, cut every 30 s", 20, 30, cut),
    ]
}
