//! Pure rules over records: which bed is free, who was there at midnight, what is left in stock,
//! which records contradict one another.

pub mod beds;

pub mod persons;

pub mod held;

pub mod presence;

pub mod census;

pub mod whereabouts;

pub mod indicators;

pub mod likeness;

pub mod same;

pub mod review;

pub mod stock;

pub mod triage;

pub mod conflicts;

/// Every two of `all`, in their order.
pub fn pairs<T>(all: &[T]) -> impl Iterator<Item = (&T, &T)> {
    let others = |(index, first)| all.iter().skip(index + 1).map(move |second| (first, second));
    all.iter().enumerate().flat_map(others)
}
