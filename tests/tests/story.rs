//! The story, as a test.

#[tokio::test(flavor = "multi_thread")]
async fn two_desks_work_offline_all_lose_power_and_nothing_is_lost() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let told = wardroom_tests::story::tell(folder.path(), |line| println!("· {line}")).await?;
    assert!(told.saved >= 11, "{told:?}");
    assert_eq!(
        (told.lost, told.conflicts, told.digests_equal),
        (0, 1, true),
        "{told:?}"
    );
    Ok(())
}
