//! What happened, in the ward's words, and a hash of it: a seed that is lived twice has it twice.

/// The lines so far.
#[derive(Default)]
pub struct Trace {
    lines: Vec<String>,
    hash: blake3::Hasher,
}

impl Trace {
    pub fn say(&mut self, line: String) {
        self.hash.update(line.as_bytes());
        self.hash.update(b"\n");
        self.lines.push(line);
    }

    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }

    pub fn hash(&self) -> String {
        self.hash.finalize().to_hex().to_string()
    }
}
