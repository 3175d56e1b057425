//! What a person does on the ward, as drafts.
