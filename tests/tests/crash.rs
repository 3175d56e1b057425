//! A sample of the stops of every scenario in every test run; all of them are `cargo xtask crash`.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use serde_json::Value;
use wardroom_tests::place::program;

#[test]
fn stopped_at_any_operation_of_the_disk_nothing_acknowledged_is_lost() {
    let lived = Command::new(program("crash").unwrap())
        .args(["--quick", "--json"])
        .output()
        .unwrap();
    let said = String::from_utf8(lived.stdout).unwrap();
    let told = String::from_utf8(lived.stderr).unwrap();
    assert!(lived.status.success(), "{said}{told}");
    let report: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!((&report["lost"], &report["corrupt"]), (&0.into(), &0.into()), "{said}");
    assert!(report["stops"].as_u64() > Some(80), "{said}");
    assert!(report["told_an_error"].as_u64() > Some(10), "{said}");
}
