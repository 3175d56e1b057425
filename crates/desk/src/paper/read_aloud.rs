//! What of a text is a heading, a paragraph, a cell of which table: whoever has the file read aloud is told by it.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

use super::words::Language;

/// What a drawn thing is part of.
pub enum Sort {
    Heading(u16, String),
    Paragraph,
    Table,
    Row,
    ColumnHead,
    RowHead,
    Cell,
}

/// Where a part lies in the text: every part but the first lies in another.
pub struct Part {
    pub sort: Sort,
    pub within: Option<usize>,
}

/// What is part of what, as whoever reads aloud is told.
pub fn tree(parts: &[Part], said: Vec<Vec<Identifier>>, language: Language) -> TagTree {
    let mut groups: Vec<Option<TagGroup>> = Vec::new();
    for (part, said) in parts.iter().zip(said) {
        let mut group = TagGroup::new(tag(&part.sort));
        said.into_iter().for_each(|identifier| group.push(identifier));
        groups.push(Some(group));
    }
    let mut tree = TagTree::new().with_lang(Some(language.tag().to_owned()));
    // A part comes after what it lies in: from the last to the first, each is whole when it is put away.
    let mut whole: Vec<Vec<TagGroup>> = parts.iter().map(|_| Vec::new()).collect();
    let mut top = Vec::new();
    for (place, part) in parts.iter().enumerate().rev() {
        let Some(mut group) = groups.get_mut(place).and_then(Option::take) else {
            continue;
        };
        let within = whole.get_mut(place).map(std::mem::take).unwrap_or_default();
        within.into_iter().rev().for_each(|each| group.push(each));
        match part.within.and_then(|within| whole.get_mut(within)) {
            Some(beside) => beside.push(group),
            None => top.push(group),
        }
    }
    top.into_iter().rev().for_each(|group| tree.push(group));
    tree
}

fn tag(sort: &Sort) -> TagKind {
    match sort {
        Sort::Heading(level, text) => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(text.clone())).into()
        }
        Sort::Paragraph => Tag::P.into(),
        Sort::Table => Tag::Table.into(),
        Sort::Row => Tag::TR.into(),
        Sort::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Sort::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Sort::Cell => Tag::TD.into(),
    }
}
