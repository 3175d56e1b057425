//! What is written from the domain: the data dictionary and the page of rights in `docs/` are what the domain says.

#[path = "../../examples/codegen/dictionary.rs"]
mod dictionary;
#[path = "../../examples/codegen/labels.rs"]
mod labels;
#[path = "../../examples/codegen/rights.rs"]
mod rights;
#[path = "../../examples/codegen/typescript.rs"]
mod typescript;

#[test]
fn the_data_dictionary_is_fresh() {
    let committed = include_str!("../../../../docs/data-dictionary.md");
    assert!(dictionary::markdown() == committed, "run `cargo xtask codegen`");
}

#[test]
fn the_page_of_rights_is_fresh() {
    let committed = include_str!("../../../../docs/manual/rights.md");
    assert!(rights::markdown() == committed, "run `cargo xtask codegen`");
}

#[test]
fn what_is_written_for_the_window_is_whole() {
    let entities = typescript::entities();
    assert!(
        domain::entities::ENTITIES
            .iter()
            .all(|entity| entities.contains(&format!("kind: \"{}\"", entity.kind)))
    );
    assert!(labels::english().contains("\"problem.out_of_range\""));
}
