//! What screens show.
