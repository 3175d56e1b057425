//! Who may do what: one table, used by desktop and server alike.

/// What a person wants to do with records of a kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    See,
    Write,
}

/// One role with its stable word.
#[derive(Clone, Copy, Debug)]
pub struct Role {
    pub word: &'static str,
    pub label: &'static str,
    /// Care's rank; nobody appoints a higher one than their own.
    pub rank: u8,
    pub read_only: bool,
}
