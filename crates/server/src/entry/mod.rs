//! Getting in: how desks join, and how people sign in on them.

pub mod invite;

pub mod enrol;

pub mod renew;

pub mod sign_in;

pub mod password;

pub mod given;

pub mod desks;

pub mod session;

pub mod second_factor;
