//! What the audit log knows: what happened, and how it ended. Wardroom's own words.

use super::{CodeList, word};

/// What happened at a desk.
pub static AUDITED: CodeList = CodeList {
    name: "audited",
    codes: &[
        word("signed_in", "Signed in", &[]),
        word("sign_in_failed", "Wrong password", &[]),
        word("suspended", "Suspended for wrong passwords", &[]),
        word("let_in_again", "Let in again", &[]),
        word("locked", "Locked", &[]),
        word("password_changed", "Password changed", &[]),
        word("password_given", "Gave somebody a password", &[]),
        word("patient_seen", "Looked at a patient's page", &[]),
        word("rights_changed", "Changed what a person may do", &[]),
        word("unsent_copied", "Made a sealed copy of unsent work", &[]),
        word("unsent_taken_in", "Took in a sealed copy of unsent work", &[]),
        word("backup_made", "Made a copy of the database", &[]),
        word("stick_loaded", "Loaded records from a stick", &[]),
        word("desk_renewed", "Gave the computer a new identity", &[]),
        word("desk_invited", "Invited a computer", &[]),
        word("desk_locked_out", "Locked a computer out", &[]),
        word("desk_withdrawn", "Withdrew a computer", &[]),
        word("desk_emptied", "Had a computer emptied at once", &[]),
        word(
            "certificate_trusted",
            "Trusted another certificate of the server, by its five words",
            &[],
        ),
        word("sheet_printed", "Printed a recovery sheet", &[]),
        word("sheet_kept", "Let a recovery sheet count", &[]),
        word("sheet_dropped", "Threw a recovery sheet away", &[]),
        word("recovered", "Recovered the computer with its sheet", &[]),
        word("rekeyed", "Gave the records a new key", &[]),
        word("second_factor_set", "Set up a second factor", &[]),
        word("shown_on_wall", "Left the computer on the wall", &[]),
        word("table_written", "Took a table along as a file", &[]),
        word("report_written", "Wrote a report to a person", &[]),
        word("emergency_begun", "Began emergency access", &[]),
        word("emergency_named", "Was shown the name by a search in an emergency", &[]),
        word("emergency_opened", "Opened a record in an emergency", &[]),
        word("emergency_ended", "Ended emergency access", &[]),
        word("emergency_reviewed", "Looked into emergency access", &[]),
    ],
};

/// How it ended.
pub static ENDED: CodeList = CodeList {
    name: "audit_ended",
    codes: &[
        word("done", "Done", &[]),
        word("failed", "Failed", &[]),
        word("by_hand", "By hand", &[]),
        word("idle", "Nobody was there", &[]),
        word("sent_out", "The district lets the person in no more", &[]),
        word("time_over", "Its time was over", &[]),
        word("run_out", "The right to work had run out", &[]),
    ],
};
