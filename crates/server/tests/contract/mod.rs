//! What the server promises, whatever it is kept in.

mod exchange;

mod entry;

mod hostile;

mod http;

mod import;

mod columns;

mod identity;

mod aside;

mod opening;

mod process;

mod bounds;
