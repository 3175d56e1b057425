//! What is said in a round, as the simulator looks at it: what a desk brings, an answer with something altered, and
//! answers in a few words.

use anyhow::Result;
use sync_core::ChangeId;
use sync_core::exchange::{Answer, Ask, Carried};

use super::wire::Damage;

/// The changes that the asks bring.
pub fn brought(asks: &[Ask]) -> Result<Vec<ChangeId>> {
    let batches = asks.iter().filter_map(|ask| match ask {
        Ask::Push(batch) => Some(batch),
        _ => None,
    });
    let changes = batches.flat_map(|batch| &batch.changes);
    changes.map(|change| Ok(change.read()?.change().id)).collect()
}

/// Only pages may change their order: a proxy that reorders answers to different questions is none.
pub fn as_said(mut said: Vec<Answer>, damage: Damage) -> Vec<Answer> {
    if damage == Damage::FramesSwapped {
        said.retain(|answer| matches!(answer, Answer::Page(_)));
    }
    said
}

/// The page with one digit of one foreign change altered; nothing when there is none to alter.
pub fn altered(answer: &Answer) -> Option<Answer> {
    let Answer::Page(page) = answer else { return None };
    let mut page = page.clone();
    for entry in &mut page.entries {
        let Some(change) = &entry.change else { continue };
        let text = change.0.get().to_owned();
        let at = text.rfind(|letter: char| letter.is_ascii_digit())?;
        let digit = if text.as_bytes().get(at) == Some(&b'7') {
            "3"
        } else {
            "7"
        };
        let text = format!("{}{digit}{}", text.get(..at)?, text.get(at + 1..)?);
        entry.change = Some(Carried(serde_json::value::RawValue::from_string(text).ok()?));
        return Some(Answer::Page(page));
    }
    None
}

/// An answer in a few words that are the same for the same seed.
pub fn short(answer: &Answer) -> String {
    match answer {
        Answer::Hello { last_seq, .. } => format!(" the district has {last_seq} of it;"),
        Answer::Receipt { numbered, parked, .. } => {
            format!(" {} received, {} kept aside;", numbered.len(), parked.len())
        }
        Answer::Page(page) if page.entries.is_empty() => String::new(),
        Answer::Page(page) => format!(" gets {} to {} of {};", page.from, page.to, page.head),
        Answer::Gap { wanted } => format!(" there is a gap, {wanted} is wanted;"),
        Answer::Fork { seq } => format!(" its change {seq} is known as another;"),
        Answer::NoSpace { .. } => " no such space for it;".to_owned(),
        Answer::NotAuthentic => " it is not believed;".to_owned(),
        Answer::NotSignedIn { .. } => " nobody who may read signed in there;".to_owned(),
        Answer::Revoked => " it was withdrawn;".to_owned(),
        Answer::Replaced => " it goes on under another name;".to_owned(),
        Answer::Held(held) => format!(" the district has {} of its earlier name;", held.changes.len()),
        Answer::Withdraw(_) => " it is to hold nothing any more;".to_owned(),
        Answer::Parted { .. } => " it holds nothing any more;".to_owned(),
        Answer::Aside(list) => format!(" {} actions are kept aside there;", list.actions.len()),
        Answer::Decided { .. } => " it hears what became of a decision;".to_owned(),
        Answer::End => String::new(),
    }
}
