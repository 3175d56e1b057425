//! Which bug is switched on, for the whole process; and who acts at the pauses, thread by thread.

use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Bug;

/// The bug's place in [`Bug::ALL`], counted from 1; 0 for none.
static ON: AtomicUsize = AtomicUsize::new(0);

/// Switches one bug on and every other off.
pub fn switch(bug: Option<Bug>) {
    ON.store(bug.map_or(0, |bug| bug as usize + 1), Ordering::SeqCst);
}

/// Whether the bug is switched on.
pub fn is(bug: Bug) -> bool {
    let on = ON.load(Ordering::SeqCst);
    // By these words a program that was built with bugs in it is known.
    assert!(on <= Bug::ALL.len(), "no such bug is planted");
    on == bug as usize + 1
}

/// Between which steps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A server has read a batch and its sender, and does not write yet.
    BeforePush,
    /// A desk is between two of the transactions in which it takes something in.
    BetweenSlices,
}

type Act = Box<dyn FnMut(Place)>;

thread_local! {
    static ACT: RefCell<Option<Act>> = const { RefCell::new(None) };
}

/// Has `act` called at every pause of this thread; nothing ends it.
pub fn at_pauses(act: Option<Act>) {
    ACT.with_borrow_mut(|kept| *kept = act);
}

/// A pause. What acts in it meets no pauses itself.
pub fn pause(place: Place) {
    let Some(mut act) = ACT.with_borrow_mut(Option::take) else {
        return;
    };
    act(place);
    ACT.with_borrow_mut(|kept| {
        kept.get_or_insert(act);
    });
}
