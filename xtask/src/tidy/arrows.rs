//! Rule: who may stand on whom. The arrows run one way, and the desktop's file and the server never see each other.

use super::Finding;
use serde_json::Value;

/// A package of the workspace and the packages of the workspace it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// As in its Cargo.toml.
    pub name: String,
    /// What the product uses.
    pub uses: Vec<String>,
    /// What only its tests use.
    pub tests_use: Vec<String>,
}

/// Each package with all it may use; tests may use more, but for [`NEVER_EVEN_IN_TESTS`].
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("sync-core", &["domain"]),
    ("sample", &["domain", "sync-core"]),
    ("care", &["domain", "sync-core"]),
    ("store", &["domain", "sync-core"]),
    ("server", &["domain", "sync-core", "sample", "care"]),
    ("desk", &["domain", "sync-core", "sample", "store"]),
    ("wardroom-desktop", &["domain", "sync-core", "desk"]),
    ("xtask", &[]),
    ("failing-disk", &[]),
    ("wardroom-counts", &["domain", "sync-core", "store"]),
];
const MAY_USE_ALL: &[&str] = &["wardroom-tests", "wardroom-bench"];
const NEVER_EVEN_IN_TESTS: &[(&str, &str)] = &[("store", "server"), ("server", "store")];

/// Reads what `cargo metadata --no-deps` says.
pub fn packages(metadata: &Value) -> Vec<Package> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let all = metadata.get("packages").map(list).unwrap_or_default();
    all.iter()
        .map(|package| {
            let used = package.get("dependencies").map(list).unwrap_or_default();
            // A package of ours is one that lies in a folder.
            let ours = |in_tests: bool| {
                used.iter()
                    .filter(|one| one.get("path").is_some_and(Value::is_string))
                    .filter(|one| (text(one.get("kind")) == "dev") == in_tests)
                    .map(|one| text(one.get("name")))
                    .collect()
            };
            Package {
                name: text(package.get("name")),
                uses: ours(false),
                tests_use: ours(true),
            }
        })
        .collect()
}

pub fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        let name = package.name.as_str();
        let mut find = |message: String| {
            findings.push(Finding {
                path: format!("package {name}"),
                line: 0,
                message,
            });
        };
        for (_, other) in NEVER_EVEN_IN_TESTS.iter().filter(|(one, _)| *one == name) {
            if package.tests_use.iter().any(|used| used == other) {
                find(format!("its tests use `{other}`: test the two together in tests/"));
            }
        }
        if MAY_USE_ALL.contains(&name) {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(one, _)| *one == name) else {
            find("has no place among the arrows: give it one in xtask/src/tidy/arrows.rs".to_owned());
            continue;
        };
        for used in package.uses.iter().filter(|used| !allowed.contains(&used.as_str())) {
            find(format!("uses `{used}`, against the arrows in xtask/src/tidy/arrows.rs"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(name: &str, uses: &[&str], tests_use: &[&str], expected: &[&str]) {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let package = Package {
            name: name.to_owned(),
            uses: owned(uses),
            tests_use: owned(tests_use),
        };
        let found: Vec<String> = check(&[package]).into_iter().map(|f| f.message).collect();
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn an_arrow_that_runs_the_wrong_way_is_found() {
        check_one("store", &["domain", "sync-core"], &["sample"], &[]);
        let expected = "uses `store`, against the arrows in xtask/src/tidy/arrows.rs";
        check_one("domain", &["store"], &[], &[expected]);
        check_one("server", &["domain", "store"], &[], &[expected]);
        check_one("wardroom-tests", &["store", "server", "desk"], &[], &[]);
    }

    #[test]
    fn the_desktops_file_and_the_server_do_not_meet_even_in_their_tests() {
        let expected = "its tests use `server`: test the two together in tests/";
        check_one("store", &["domain"], &["server"], &[expected]);
    }

    #[test]
    fn a_new_package_has_to_be_given_its_place() {
        let expected = "has no place among the arrows: give it one in xtask/src/tidy/arrows.rs";
        check_one("documents", &["domain"], &[], &[expected]);
    }

    #[test]
    fn cargos_own_words_are_read() {
        let metadata = serde_json::json!({"packages": [{"name": "store", "dependencies": [
            {"name": "domain", "kind": null, "path": "/w/crates/domain"},
            {"name": "serde", "kind": null},
            {"name": "sample", "kind": "dev", "path": "/w/crates/sample"},
        ]}]});
        let expected = Package {
            name: "store".to_owned(),
            uses: vec!["domain".to_owned()],
            tests_use: vec!["sample".to_owned()],
        };
        assert_eq!(packages(&metadata), [expected]);
    }
}
