//! Looks for bytes over which the reader called `answers` stumbles.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Refused is as good as read.
    let _ = (wardroom_tests::parsers::named("answers").read)(bytes);
});
