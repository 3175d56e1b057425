//! Compiles again when a migration is added or edited.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/desktop");
}
