//! A smaller whole of the attacks, in every test run: nobody gets in, and nothing is found readable.
#![allow(clippy::unwrap_used)]

use wardroom_tests::attack::{Extent, SORTS, attack};

/// Tries the sorts whose names hold the words.
async fn held_off(words: &str) {
    let tally = attack(Extent::Sample, words, |_| ()).await.unwrap();
    assert_eq!(tally.let_in, [""; 0]);
    assert_eq!(tally.plaintext, [""; 0]);
    for (sort, count) in tally.sorts() {
        assert!(count > 0, "{sort}: nothing was tried");
    }
}

macro_rules! attacks {
    ($($test:ident: $words:literal,)*) => {
        $(#[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            held_off($words).await;
        })*

        #[test]
        fn every_sort_of_attack_is_tried() {
            let tried = [$($words),*];
            let forgotten: Vec<_> = SORTS.iter().filter(|sort| !tried.iter().any(|words| sort.contains(words))).collect();
            assert!(forgotten.is_empty(), "{forgotten:?}");
        }
    };
}

attacks! {
    nobody_sees_or_writes_what_their_role_may_not: "rights",
    no_space_is_read_or_written_by_a_desk_without_a_right_to_it: "spaces",
    no_request_counts_that_was_altered_cut_or_sent_again: "requests",
    no_batch_and_no_grant_counts_that_was_forged: "forged",
    what_is_too_much_is_refused_and_costs_little: "too much",
    slow_connections_are_ended_and_honest_desks_served: "slow",
    tokens_and_codes_end_and_are_of_use_at_their_desk_alone: "tokens",
    nobody_locks_out_or_empties_a_desk_that_they_do_not_see_to: "desks of others",
    hardly_any_guess_of_a_password_reaches_a_hash: "guesses",
    no_path_method_or_host_means_another: "paths",
    no_weak_handshake_is_taken: "handshakes",
    a_copied_profile_opens_with_no_password: "copied",
    a_clock_set_back_gives_no_right_back: "clocks",
    no_call_of_a_page_that_was_taken_over_changes_anything: "commands",
    no_name_and_no_phone_of_a_whole_run_is_found: "traces",
    a_locked_desk_knows_neither_key_nor_password_any_more: "memory",
}
