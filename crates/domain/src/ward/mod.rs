//! Pure rules over records: which bed is free, who was there at midnight, what is left in stock,
//! which records contradict one another.

pub mod beds;

pub mod presence;

pub mod census;

pub mod same;

pub mod review;

pub mod stock;

pub mod triage;

pub mod conflicts;
