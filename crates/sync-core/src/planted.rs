//! Bugs that are planted on purpose, so that it can be shown that the simulator finds them. They exist
//! only with the feature `mutants`, which nothing that is shipped has: without it `planted!` is its
//! right way and nothing else, and `pausing!` is nothing.

#[cfg(feature = "mutants")]
mod bug;

#[cfg(feature = "mutants")]
mod switch;

#[cfg(feature = "mutants")]
mod wrong;

#[cfg(feature = "mutants")]
pub use bug::Bug;
#[cfg(feature = "mutants")]
pub use switch::{Place, at_pauses, is, pause, switch};

/// The wrong way where that bug is switched on, else the right one, if there is one:
/// `planted!(Bug, wrong, right)`.
#[cfg(feature = "mutants")]
#[macro_export]
macro_rules! planted {
    ($bug:ident, $wrong:expr) => {
        if $crate::planted::is($crate::planted::Bug::$bug) {
            $wrong;
        }
    };
    ($bug:ident, $wrong:expr, $right:expr) => {
        if $crate::planted::is($crate::planted::Bug::$bug) {
            $wrong
        } else {
            $right
        }
    };
}

/// The right way: there are no planted bugs here.
#[cfg(not(feature = "mutants"))]
#[macro_export]
macro_rules! planted {
    ($bug:ident, $wrong:expr) => {};
    ($bug:ident, $wrong:expr, $right:expr) => {
        $right
    };
}

/// A moment between two steps at which somebody else may act, or the power may fail.
#[cfg(feature = "mutants")]
#[macro_export]
macro_rules! pausing {
    ($place:ident) => {
        $crate::planted::pause($crate::planted::Place::$place)
    };
}

/// Nothing: nobody can be let in here.
#[cfg(not(feature = "mutants"))]
#[macro_export]
macro_rules! pausing {
    ($place:ident) => {};
}
