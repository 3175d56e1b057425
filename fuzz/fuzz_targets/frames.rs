//! Looks for bytes over which the reader called `frames` stumbles.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Refused is as good as read.
    let _ = (wardroom_tests::parsers::named("frames").read)(bytes);
});
