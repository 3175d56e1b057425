//! Why a person is erased. Words of a list and no free text: what is written down about an erasure stands for ever, and
//! must name nobody.
//!
//! Digital Personal Data Protection Act 2023: section 12 (erasure), section 9 (a child's parent or guardian), section 14
//! (who was nominated for the time after death), section 8(7) (kept no longer than its purpose).

use super::{CodeList, word};

pub static REASON: CodeList = CodeList {
    name: "erasure_reason",
    codes: &[
        word("asked", "The person asked for it", &[]),
        word("guardian_asked", "A parent or the lawful guardian asked for it", &[]),
        word(
            "nominee_asked",
            "Somebody the person had nominated asked for it after their death",
            &[],
        ),
        word("ordered", "A court or the Data Protection Board ordered it", &[]),
        word("time_over", "The time for which records are kept is over", &[]),
    ],
};
