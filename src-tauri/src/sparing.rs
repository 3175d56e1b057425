//! What the web view is told before it starts, so that it takes little of an old computer that others share (decision 0046).

/// By these names WebKit and the engine of its scripts take their settings; the processes that WebKit starts inherit them. On other
/// systems they mean nothing.
const SETTINGS: &[(&str, &str)] = &[
    // Nothing here moves that a graphics card would move better. An old computer would imitate one on its processor: each blink of
    // a caret would draw the whole window, for a third of a core, with 200 MiB more.
    ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
    // Scripts are run as they are, not made into the processor's own words first: a page's scripts run too seldom for that to pay, and
    // making them takes 100 MiB more. No page of memory is then both written and run.
    ("JSC_useJIT", "0"),
];

/// Gives WebKit those of the settings that the environment does not give already. To be called before any thread is started.
pub fn spare_the_computer() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for (name, value) in SETTINGS {
        if std::env::var_os(name).is_none() {
            #[allow(
                unsafe_code,
                reason = "among the first statements of main: no other thread reads the environment yet"
            )]
            // SAFETY: called at the beginning of main, before any thread is started.
            unsafe {
                std::env::set_var(name, value);
            }
        }
    }
}
