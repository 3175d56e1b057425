//! Clinical scores, one file each.
