//! What a network does to what goes over it.

use std::ops::RangeInclusive;

/// One of the two directions of a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// From the desk to the server.
    Up,
    /// From the server to the desk.
    Down,
}

/// One value for each way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Both<T> {
    pub up: T,
    pub down: T,
}

impl<T: Copy> Both<T> {
    pub const fn same(value: T) -> Both<T> {
        Both { up: value, down: value }
    }

    pub fn of(self, way: Way) -> T {
        match way {
            Way::Up => self.up,
            Way::Down => self.down,
        }
    }
}

/// Whom a desk reaches when it connects.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Door {
    #[default]
    Open,
    /// Nobody listens: the connection is refused.
    Refused,
    /// Accepted and reset at once.
    Reset,
    /// Accepted, and never a word.
    HalfOpen,
}

/// How a connection ends that is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum End {
    /// Both sides hear of it.
    #[default]
    Close,
    /// Both sides hear of it in the rudest way.
    Reset,
    /// Nobody hears of it: not a byte comes any more, and the connection stays.
    Silence,
}

/// Packets that are lost and sent again: what comes behind them waits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Loss {
    /// Of a thousand packets so many are lost.
    pub per_mille: u32,
    /// How long it takes until a lost one is sent again.
    pub pause_ms: u64,
}

/// What a network does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Weather {
    /// Bits a second of each way, shared by all connections; nothing: as fast as it goes.
    pub bits_per_s: Both<Option<u64>>,
    /// How late what is sent arrives, each way; it never overtakes.
    pub delay_ms: Option<RangeInclusive<u64>>,
    pub loss: Option<Loss>,
    /// Each connection ends once it carried so many bytes one way.
    pub cut_after: Both<Option<u64>>,
    /// All connections end each time this has passed.
    pub cut_every_ms: Option<u64>,
    pub end: End,
    /// A way on which nothing arrives.
    pub is_deaf: Both<bool>,
    pub door: Door,
}

impl Weather {
    /// A network without any fault.
    pub fn fair() -> Weather {
        Weather::default()
    }

    /// No network: what is open breaks, what is tried is closed.
    pub fn none() -> Weather {
        Weather {
            door: Door::Reset,
            ..Weather::default()
        }
    }

    /// So many kbit/s each way, and so late.
    pub fn slow(kbit_per_s: u64, delay_ms: RangeInclusive<u64>) -> Weather {
        Weather {
            bits_per_s: Both::same(Some(kbit_per_s * 1_000)),
            delay_ms: Some(delay_ms),
            ..Weather::default()
        }
    }
}
