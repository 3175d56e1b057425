// Written from the domain by `cargo xtask codegen`; do not edit.

export type AdmitArgs = { patient: string, bed: string | null, at: number | null, fields: Record<string, unknown> };

export type TransferArgs = { encounter: string, bed: string, at: number | null, clean: boolean };

export type SwapArgs = { first: string, second: string, at: number | null };

export type DischargeArgs = { encounter: string, at: number | null, clean: boolean, fields: Record<string, unknown> };

export type HoldArgs = { bed: string, reason: string, encounter: string | null, note: string | null, expires: number | null };

export type ReleaseArgs = { bed: string };

export type Problem = { kind: string, field: string, code: string, numbers: { [key in string]: string }, ask: boolean };

export type BedBoard = { wards: Array<WardBand>, waiting: Array<PatientLine> };

export type WardBand = { id: string, name: string, floor: string | null, staffed_beds: number | null, beds: Array<BedTile>, figures: BedFigures };

export type BedFigures = { total: number, occupied: number, held: number, cleaning: number, blocked: number, free: number };

export type BedTile = { id: string, label: string, bed_type: string, room: string | null, status: BedStatus, occupant: Occupant | null, hold: HoldShown | null, clash: boolean };

export type Occupant = { stay: string, since: number, days: number, patient: PatientLine };

export type HoldShown = { id: string, reason: string, note: string | null, from: number, expires: number | null, patient_name: string | null };

export type Inbox = { fields: Array<FieldConflictShown>, ward: Array<WardConflictShown> };

export type FieldConflictShown = { kind: string, record: string, caption: string, field: string, heads: Array<HeadShown>, may_resolve: boolean };

export type HeadShown = { change: string, value: unknown, value_caption: string | null, by: string, device: string, at: number, in_force: boolean };

export type WardConflictShown = { what: string, since: number | null, records: Array<RecordShownShort>, may_resolve: boolean };

export type RecordShownShort = { kind: string, id: string, caption: string, fields: Record<string, unknown> };

export type PatientLine = { patient: string, name: string, sex: string | null, age_years: number | null, phone: string | null, identifier: string | null, encounter: string | null, admitted_at: number | null, category: string | null, disease_status: string | null, isolation: boolean, stay: string | null, ward: string | null, bed: string | null, bed_id: string | null, last_round_at: number | null, news2: News2Shown | null, news2_before: number | null, review_overdue: boolean };

export type PatientArgs = { id: string };

export type PatientPage = { line: PatientLine, fields: Record<string, unknown>, allergy_status: string | null, allergies: string | null, birth_date: string | null, in_conflict: Array<string>, encounters: Array<EncounterShown>, timeline: Array<Happening>, voided: boolean };

export type EncounterShown = { id: string, fields: Record<string, unknown>, admitted_at: number | null, discharged_at: number | null, referred_to: string | null, stays: Array<StayShown>, rounds: Array<RoundShown> };

export type StayShown = { id: string, bed: string, bed_label: string, ward_name: string, from: number, to: number | null };

export type Happening = { at: number, what: string, kind: string, id: string, detail: string | null };

export type PatientsArgs = { which: Which };

export type Which = "admitted" | "discharged";

export type FindArgs = { text: string };

export type LikelySameArgs = { fields: Record<string, unknown>, except: string | null };

export type LikelySame = { line: PatientLine, reasons: Array<string> };

export type RecordsArgs = { kind: string };

export type RecordArgs = { kind: string, id: string };

export type RecordShown = { fields: Record<string, unknown>, in_conflict: Array<string>, voided: boolean };

export type News2Shown = { score: number | null, missing: Array<string>, risk: string | null, points: { [key in string]: number } };

export type RoundShown = { id: string, at: number, fields: Record<string, unknown>, news2: News2Shown, corrected_by: string | null };

export type News2Args = { fields: Record<string, unknown> };

export type StockLine = { item: string, name: string, unit: string | null, balance: string, minimum: string | null, low: boolean, below_zero: boolean, days_left: number | null, used_7_days: string, nearest_expiry: string | null, last_at: number | null, oxygen: boolean };

export type StockItemArgs = { item: string, from: string, to: string };

export type StockLedger = { line: StockLine, opening: string, closing: string, totals: { [key in string]: string }, entries: Array<LedgerLine> };

export type LedgerLine = { id: string, at: number, movement: string, amount: string, balance_after: string, batch: string | null, expiry: string | null, ward: string | null, note: string | null };

export type MonthArgs = { day: string };

export type TriageMonth = { days: Array<TriageDay> };

export type TriageDay = { day: string, shifts: Array<TriageShift>, totals: { [key in string]: number } };

export type TriageShift = { shift: string, state: FilingState, entry: string | null, filed_at: number | null };

export type FilingState = "open" | "missing" | "filed" | "late" | "corrected" | "twice";

export type FormArgs = { day: string, shift: string };

export type TriageForm = { state: FilingState, due: number, standing: Record<string, unknown>[], corrected: Record<string, unknown>[], proposals: Array<Proposal>, yesterday: { [key in string]: number } };

export type Proposal = { field: string, value: number, source: string };

export type WarRoom = { facility_name: string, beds: Array<BedTypeFigures>, all_beds: BedFigures, occupancy_permille: number | null, admitted: number, positive: number, suspected: number, waiting_for_bed: number, admissions_today: number, discharges_today: number, deaths_today: number, concerning: Array<PatientLine>, overdue: Array<PatientLine>, low_stock: Array<StockLine>, expiring_stock: Array<StockLine>, triage_today: Array<TriageShift>, conflicts: number, trend: Array<TrendDay> };

export type BedTypeFigures = { bed_type: string, figures: BedFigures, occupancy_permille: number | null };

export type TrendDay = { day: string, admissions: number, discharges: number, deaths: number, census: number, visited: number | null, positives: number | null };

export type BedStatus = "free" | "occupied" | "held" | "cleaning" | "blocked";

export type Failure = { code: string, numbers: { [key in string]: string }, problems: Array<Problem> };

export type SecretHome = "key_store" | "file";

export type Tile = { person: string, username: string, name: string, role: string };

export type JoinedShown = { facility_name: string, words: Array<string> };

export type DeskStatus = { phase: Phase, problem: Failure | null, people: Array<Tile>, who: Who | null, facility: string | null, utc_offset_minutes: number, server: string | null, sample: boolean, secret_home: SecretHome | null, sync: SyncStatus, version: string, lock_after_minutes: number };

export type Phase = "first_run" | "sign_in" | "open" | "problem";

export type Who = { person: string, username: string, name: string, role: string, read_only: boolean, not_after: number | null };

export type SyncStatus = { state: SyncState, waiting: number, parked: number, conflicts: number, last_contact: number | null, waiting_since: number | null, clock_off_ms: number | null, problem: Failure | null };

export type SyncState = "stands_alone" | "closed" | "all_sent" | "waiting" | "exchanging" | "offline" | "problem";

export type SyncPage = { summary: SyncStatus, spaces: Array<SpaceLine>, parked: Array<ParkedShown>, device: string, server_words: Array<string> };

export type SpaceLine = { space: string, cursor: number, head: number, pending: number, parked: number, state: SpaceState, heard: number | null, digest: string };

export type SpaceState = "equal" | "behind" | "ahead" | "diverged" | "unknown";

export type ParkedShown = { change: string, kind: string, record: string, caption: string, reason: Reason, at: number, by: string, fields: Record<string, unknown> };

export type Reason = "not_allowed" | "unknown_person" | "foreign_space" | "revoked" | "depends_on_parked" | "malformed" | "other";
