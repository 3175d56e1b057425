//! What a planted bug does where that takes more than a word.

use domain::field::Merge;

use crate::fold::FieldState;
use crate::id::ChangeId;

impl FieldState {
    /// Last-writer-wins: of all heads the one stays that some clock calls the latest.
    pub(crate) fn keep_last_written(&mut self) {
        let last = self.heads.iter().max_by_key(|(id, head)| (head.wall_ms, **id));
        if let Some(last) = last.map(|(id, _)| *id) {
            self.heads.retain(|id, _| *id == last);
        }
    }

    /// Whether the head is one that a conflict keeps beside the one in force.
    pub fn is_beside(&self, id: &ChangeId) -> bool {
        self.in_force(Merge::First).is_none_or(|(first, _)| first != id)
    }
}
