//! The bugs, by name: each was met in the field, or is one slip away from what stands here.

macro_rules! bugs {
    ($($bug:ident = $words:literal,)+) => {
        /// A bug that can be switched on.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Bug {
            $($bug,)+
        }

        impl Bug {
            /// All of them, in the order of the design.
            pub const ALL: &[Bug] = &[$(Bug::$bug,)+];

            /// What it does, in words.
            pub fn words(self) -> &'static str {
                match self {
                    $(Bug::$bug => $words,)+
                }
            }
        }
    };
}

bugs! {
    CursorByTimestamp = "cursor by timestamp",
    CounterWithoutLock = "counter without lock",
    CursorBeforeData = "cursor stored before data",
    PageEndTwice = ">= for > at a page end",
    EndWhenShort = "end of data when rows < limit",
    AckBeforeCommit = "acknowledge before commit",
    OutboxByFlag = "outbox by status flag",
    BaseAtSaveTime = "base taken at save time",
    PlainSaveCloses = "a plain save closes a conflict",
    ResolveIgnoresUnseen = "resolve ignores an unseen head",
    LastWriterWins = "last-writer-wins by clock",
    ClockNotPersisted = "clock not persisted",
    ClockUnclamped = "clock unclamped",
    DriftRefusesSync = "drift refuses sync",
    DigestAdopted = "peer's digest adopted",
    DigestSkipsConflicts = "digest skips conflicts",
    ActionSplit = "action split across pages",
    ParkedBlocksQueue = "parked change blocks the queue",
    DependantsApplied = "dependants of a parked change applied",
    RetryOnlyOnEdit = "retry only on a new edit",
    GrantBeforeLock = "grant checked before the lock",
    ScopeDropsFirst = "scope drop deletes before push",
    SnapshotWithoutS = "snapshot without S",
    CompactionDropsHead = "compaction drops a live head",
    OwnDroppedAfterAck = "own changes dropped after the ack",
    CloneKeepsId = "clone keeps its device id",
    EpochIgnored = "epoch ignored",
    MigrationWrites = "migration writes changes",
    UnknownFieldDropped = "unknown field dropped",
    SynchronousNormal = "synchronous=NORMAL",
    StockOfOwnEntries = "negative stock checked on own entries only",
    TwoWorkers = "two workers",
    HashUnchecked = "frame applied before its hash is checked",
    BodySurvivesErasure = "a body survives its record's erasure",
    SnapshotSurvivesErasure = "a snapshot survives an erasure",
    LateChangeFolded = "a late change of somebody erased is folded",
}
