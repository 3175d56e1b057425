//! What a patient may agree to and withdraw, who says it, and how. Nothing here is needed for
//! treatment: that is given whether or not anything is agreed to.
//!
//! Consent for a stated purpose, and its withdrawal as easily as it was given: Digital Personal Data
//! Protection Act 2023, section 6; for a child by a parent or guardian, section 9. The words follow
//! HL7 FHIR R4 `Consent` and, where it has one, the v3 PurposeOfUse code in brackets.

use super::{CodeList, word};

pub static PURPOSE: CodeList = CodeList {
    name: "consent_purpose",
    codes: &[
        // CAREMGT.
        word("share_facility", "Sharing records with another facility", &[]),
        // FAMRQT.
        word("tell_family", "Telling family how the patient is", &[]),
        word("contact", "Contact by phone or message", &[]),
        word("photograph", "Photographs or film", &[]),
        // HRESCH.
        word("research", "Research", &[]),
        // HPAYMT, where no law asks for it.
        word("insurer", "Sharing with an insurer", &[]),
        // Ayushman Bharat Digital Mission, Health Data Management Policy 2020: linking is by consent.
        word("health_account", "Linking to the ABHA health account", &[]),
    ],
};

pub static GIVEN_BY: CodeList = CodeList {
    name: "consent_given_by",
    codes: &[
        word("patient", "The patient", &[]),
        word("parent", "A parent", &[]),
        word("guardian", "The lawful guardian", &[]),
        word("spouse", "Husband or wife", &[]),
        word("child", "A grown-up child", &[]),
        word("other", "Somebody else who may speak for the patient", &[]),
    ],
};

pub static HOW: CodeList = CodeList {
    name: "consent_how",
    codes: &[
        word("spoken", "Spoken", &[]),
        word("signed", "Signed on paper", &[]),
        word("thumbprint", "Thumb impression on paper", &[]),
    ],
};
