//! Every code of a [`crate::Problem`] with its English message. A place in braces is one of the
//! problem's numbers. A message follows the label of the field it is about, where there is one.

/// Code and English message, in the order of the code.
pub static PROBLEMS: &[(&str, &str)] = &[
    (
        "allergies_contradict",
        "Allergies are named: choose “Known allergies”, or clear them",
    ),
    ("already_admitted", "This patient is already admitted"),
    (
        "already_corrected",
        "This entry was corrected before; correct the later one",
    ),
    ("already_discharged", "This patient is already discharged"),
    (
        "already_filed",
        "This shift is already filed; correct the entry instead",
    ),
    ("already_merged", "These registrations are one person already"),
    ("already_there", "The patient is already in this bed"),
    ("already_voided", "This is already marked as entered in error"),
    ("already_withdrawn", "This consent was withdrawn before"),
    (
        "amended_counts_still",
        "The entry this one replaces still counts; mark it as entered in error",
    ),
    ("amends_another", "The entry being corrected is about something else"),
    ("bed_already_held", "This bed is already held, being cleaned or blocked"),
    ("bed_blocked", "This bed is blocked"),
    ("bed_held_for_another", "This bed is held for another patient"),
    ("bed_occupied", "Somebody is in this bed"),
    ("bed_retired", "This bed was taken away"),
    ("before_admission", "The patient was not admitted yet at that time"),
    ("before_start", "This lies before the beginning"),
    ("birth_year_differs", "The date of birth says {year}"),
    (
        "consent_stands",
        "The patient agreed to this already. Write it down once more?",
    ),
    ("control_characters", "There are characters in it that cannot be shown"),
    (
        "diastolic_not_below_systolic",
        "Diastolic pressure lies below systolic pressure",
    ),
    (
        "died_but_discharged_alive",
        "A time of death is given, but the reason of discharge is another",
    ),
    ("encounter_discharged", "The patient is discharged by then"),
    ("encounter_in_other_bed", "The patient is in another bed at that time"),
    (
        "erasure_asked_already",
        "It was asked before that this patient be erased",
    ),
    (
        "erasure_in_conflict",
        "Something about this patient waits for a decision; decide it first",
    ),
    (
        "erasure_is_in",
        "This patient is in; nobody is erased before the discharge",
    ),
    ("erasure_not_registered", "There is no such registration here"),
    ("expired_batch", "This batch has expired. Is that right?"),
    (
        "identity_in_conflict",
        "This has two values; decide that first, then who is one person",
    ),
    ("impossible_date", "There is no such date here"),
    ("in_the_future", "This lies in the future. Is that right?"),
    ("label_taken", "Another bed of the ward has this label"),
    ("level_exists", "This item has a minimum here already; change that one"),
    (
        "more_than_in_stock",
        "Only {have} in stock as far as this computer knows. Is that right?",
    ),
    (
        "more_than_whole",
        "More than the {whole} it is a part of. Is that right?",
    ),
    ("name_taken", "Another one has this name"),
    ("no_counts", "Fill in at least one figure; 0 must be typed"),
    ("no_reason_given", "Nobody will know why. Save it all the same?"),
    ("none_and_others", "“None” cannot stand together with others"),
    ("not_a_phone", "This is not a phone number"),
    ("not_a_pincode", "A PIN code has six digits and does not begin with 0"),
    ("not_a_username", "At least three Latin letters, digits or . _ - @ +"),
    ("not_an_abha_address", "An ABHA address looks like name@abdm"),
    ("not_an_abha_number", "An ABHA number has 14 digits"),
    ("not_an_email", "This is not an e-mail address"),
    ("not_another_patient", "This is not another patient's registration"),
    ("not_for_this_movement", "This does not belong to this movement"),
    ("not_held", "This bed is neither held, nor being cleaned, nor blocked"),
    ("not_in_a_bed", "The patient is in no bed"),
    ("not_merged", "This registration is a person of its own"),
    ("not_taken_away", "This is still in use, so there is no such day"),
    ("nothing_observed", "Nothing was observed"),
    ("nothing_to_save", "Nothing was changed"),
    ("number_taken", "Another encounter has this number. Is that right?"),
    ("out_of_range", "Not possible: from {low} to {high}"),
    (
        "oxygen_contradicts",
        "Oxygen flows, but the patient is said to be on air",
    ),
    ("required", "Is needed"),
    ("same_unit", "This is the item's own unit"),
    (
        "still_in_bed",
        "The patient is still in a bed; end the stay with the discharge",
    ),
    (
        "time_of_death_missing",
        "No time of death is given. Save it all the same?",
    ),
    ("too_long", "At most {max} characters"),
    ("too_precise", "At most {places} decimal places"),
    ("unknown_code", "This choice is not in the list"),
    ("unknown_field", "This version does not know this field"),
    ("unknown_kind", "This version does not know this kind of record"),
    ("unknown_reference", "What it refers to is not here"),
    ("unusual", "Unusual: mostly from {low} to {high}. Is that right?"),
    ("username_taken", "Somebody has this username"),
    (
        "vaccination_contradicts",
        "Doses or a vaccine are given, but the patient is said not to be vaccinated",
    ),
    ("very_old", "That makes {years} years. Is that right?"),
    (
        "written_once",
        "This cannot be changed; write a correction or mark it as entered in error",
    ),
    ("wrong_type", "This cannot be read"),
];

/// The English message of a code.
pub fn message(code: &str) -> Option<&'static str> {
    PROBLEMS
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, message)| *message)
}
