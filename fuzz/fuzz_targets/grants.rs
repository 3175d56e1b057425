//! Looks for bytes over which the reader called `grants` stumbles.
#![no_main]

use wardroom_tests::parsers;

libfuzzer_sys::fuzz_target!(
    // What is made once, as a desk at work, is no part of a reading.
    init: drop((parsers::named("grants").read)(b"")),
    |bytes: &[u8]| {
        // Refused is as good as read.
        let _ = (parsers::named("grants").read)(bytes);
    }
);
