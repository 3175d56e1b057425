//! The project's own text files as the rules see them: path, text, and the lines that are code.

use crate::place::Place;
use anyhow::{Context, Result, bail};

/// One text file.
#[derive(Debug)]
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    /// As it is on disk.
    pub text: String,
}

/// All of them.
#[derive(Debug)]
pub struct Sources(pub Vec<Source>);

const READ: &[&str] = &["rs", "ts", "tsx", "mjs", "sql", "toml"];

impl Sources {
    /// Reads what git keeps and what it would keep.
    ///
    /// # Errors
    /// When git does not answer or a file cannot be read.
    pub fn read(place: &Place) -> Result<Self> {
        let answer = place
            .command("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .context("cannot start git")?;
        if !answer.status.success() {
            bail!("git ls-files failed:\n{}", String::from_utf8_lossy(&answer.stderr));
        }
        let names = String::from_utf8(answer.stdout).context("a file name is no UTF-8")?;
        let mut sources = Vec::new();
        for path in names.split('\0').filter(|name| is_read(name)) {
            let full = place.root.join(path);
            // Deleted but not yet committed so.
            if !full.is_file() {
                continue;
            }
            let text = std::fs::read_to_string(&full).with_context(|| format!("cannot read {path}"))?;
            sources.push(Source {
                path: path.to_owned(),
                text,
            });
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        sources.dedup_by(|a, b| a.path == b.path);
        Ok(Self(sources))
    }

    /// The files that no program wrote.
    pub fn by_hand(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().filter(|source| !source.path.contains("/generated/"))
    }

    /// Made up, for a rule's own tests.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(path, text)| Source {
                    path: (*path).to_owned(),
                    text: (*text).to_owned(),
                })
                .collect(),
        )
    }
}

fn is_read(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| READ.contains(&ending))
}

impl Source {
    /// What follows the last dot.
    pub fn ending(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    /// Lies below one of the folders, or is one of the files.
    pub fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// A file that only tests read.
    pub fn is_test(&self) -> bool {
        let path = &self.path;
        let in_folder = |name: &str| path.starts_with(&format!("{name}/")) || path.contains(&format!("/{name}/"));
        in_folder("tests") || in_folder("benches") || path.contains(".test.") || path.ends_with("/tests.rs")
    }

    /// Numbered lines without comments and without the tests at the end of a Rust file.
    pub fn code_lines(&self) -> Vec<(usize, String)> {
        let mut lines = Vec::new();
        let mut in_comment = false;
        let mut rest = self.text.lines().enumerate().peekable();
        while let Some((index, line)) = rest.next() {
            let opens_tests = line.trim() == "#[cfg(test)]"
                && rest
                    .peek()
                    .is_some_and(|(_, next)| next.trim_start().starts_with("mod ") && next.trim_end().ends_with('{'));
            if opens_tests {
                break;
            }
            let code = match self.ending() {
                "sql" => line.split("--").next().unwrap_or_default().to_owned(),
                "toml" => line.split('#').next().unwrap_or_default().to_owned(),
                _ => without_comments(line, &mut in_comment),
            };
            if !code.trim().is_empty() {
                lines.push((index + 1, code));
            }
        }
        lines
    }
}

fn without_comments(line: &str, in_comment: &mut bool) -> String {
    let mut code = String::new();
    let mut quote: Option<char> = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        if *in_comment {
            if letter == '*' && next == Some('/') {
                letters.next();
                *in_comment = false;
            }
            continue;
        }
        match (quote, letter, next) {
            (None, '/', Some('/')) => break,
            (None, '/', Some('*')) => {
                letters.next();
                *in_comment = true;
                continue;
            }
            (None, '"' | '`', _) => quote = Some(letter),
            (Some(open), _, _) if open == letter => quote = None,
            (Some(_), '\\', Some(escaped)) => {
                code.push(letter);
                code.push(escaped);
                letters.next();
                continue;
            }
            _ => {}
        }
        code.push(letter);
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[(usize, &str)]) {
        let source = Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let lines = source.code_lines();
        let lines: Vec<(usize, &str)> = lines.iter().map(|(number, line)| (*number, line.trim_end())).collect();
        assert_eq!(lines, expected, "{text}");
    }

    #[test]
    fn comments_are_no_code_but_a_slash_in_a_text_is() {
        check("a.rs", "//! Doc\nlet a = 1; // one", &[(2, "let a = 1;")]);
        check("a.rs", "let a = \"http://x\"; // why", &[(1, "let a = \"http://x\";")]);
        check("a.ts", "/** Doc\n more */ go(); /* a */ b();", &[(2, " go();  b();")]);
        check("a.sql", "-- why\nSELECT 1; -- one", &[(2, "SELECT 1;")]);
        check("a.rs", r#"let a = "\"//"; b()"#, &[(1, r#"let a = "\"//"; b()"#)]);
    }

    #[test]
    fn the_tests_at_the_end_of_a_rust_file_are_not_its_code() {
        check(
            "a.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() {}\n}",
            &[(1, "fn a() {}")],
        );
        check(
            "a.rs",
            "#[cfg(test)]\nmod tests;\nfn a() {}",
            &[(1, "#[cfg(test)]"), (2, "mod tests;"), (3, "fn a() {}")],
        );
    }

    #[test]
    fn a_file_of_tests_is_known_by_its_folder_or_its_name() {
        for (path, expected) in [
            ("tests/src/rig.rs", true),
            ("crates/store/tests/open.rs", true),
            ("ui/src/app/App.test.tsx", true),
            ("crates/store/src/open.rs", false),
            ("xtask/src/test/mod.rs", false),
        ] {
            let source = Source {
                path: path.to_owned(),
                text: String::new(),
            };
            assert_eq!(source.is_test(), expected, "{path}");
        }
    }
}
