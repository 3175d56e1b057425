/** Records that contradict one another: what it means, the records, and what ends it. */
import { useState } from "react";
import { useAct, useSave } from "../../backend-context";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { Status } from "../../components/Status";
import { TextField } from "../../components/TextField";
import { TextLink } from "../../components/TextLink";
import { sayDone } from "../../components/Toast";
import type { RecordShownShort, VoidAdmissionArgs, WardConflictShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { ConflictRecord } from "./ConflictRecord";
import { figuresOf, voidOf } from "./deciding";

/** The conflict. */
export function WardConflict({ conflict, as_of }: { conflict: WardConflictShown; as_of: number }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const [loser, setLoser] = useState<RecordShownShort | null>(null);
  const { what, records, since } = conflict;
  const isStock = what === "stock_below_zero";
  const isTriage = what === "two_triage_entries";
  const isAdmission = what === "admitted_twice";
  const given = isTriage ? figuresOf(records) : [];
  const other = (record: RecordShownShort) => records.find((each) => each.id !== record.id) ?? null;
  return (
    <article className="panel px-4 py-3" data-conflict={what}>
      <header className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4">
        <h3>
          <Status shape="cross" tone="problem">
            {t(`inbox.what.${what}`)}
          </Status>
        </h3>
        {since !== null && <span className="text-small text-faint">{format.ago(since, now_ms)}</span>}
      </header>
      <p className="mb-3 text-table text-soft">{t(`inbox.what.${what}.means`)}</p>
      <ul className="grid grid-cols-[repeat(auto-fit,minmax(300px,1fr))] gap-3">
        {records.map((record) => (
          <ConflictRecord
            key={record.id}
            record={record}
            figures={given}
            others={records.filter((each) => each.id !== record.id)}
            action={
              !conflict.may_resolve ? null : isStock ? (
                <TextLink href={`/stock/${record.id}`}>{t("inbox.count")}</TextLink>
              ) : (
                <Button onPress={() => setLoser(isTriage ? other(record) : record)}>
                  {t(
                    isTriage ? "inbox.keep_entry" : isAdmission ? "inbox.void_admission" : "inbox.void_stay",
                  )}
                </Button>
              )
            }
          />
        ))}
      </ul>
      {isAdmission && (
        <p className="mt-3 text-table">
          <TextLink href={`/patients/${String(records[0]?.fields.patient)}`}>
            {t("inbox.to_patient")}
          </TextLink>
          <span className="text-soft"> {t("inbox.to_patient.what")}</span>
        </p>
      )}
      {!isStock && !isTriage && !isAdmission && (
        <p className="mt-3 text-table">
          <TextLink href="/beds">{t("inbox.to_board")}</TextLink>
          <span className="text-soft"> {t("inbox.to_board.what")}</span>
        </p>
      )}
      {!conflict.may_resolve && <p className="mt-3 text-table text-soft">{t("inbox.not_yours")}</p>}
      {loser && <VoidRecord record={loser} as_of={as_of} onClose={() => setLoser(null)} />}
    </article>
  );
}

/** What is voided, by the kind of the record; every other is a stay. */
const WHAT: Record<string, "triage" | "admission"> = { triage: "triage", encounter: "admission" };

interface VoidProps {
  record: RecordShownShort;
  as_of: number;
  onClose(): void;
}

function VoidRecord({ record, as_of, onClose }: VoidProps) {
  const t = useText();
  const save = useSave();
  const admission = useAct<VoidAdmissionArgs>("void_admission");
  const what = WHAT[record.kind] ?? "stay";
  const error = save.error ?? admission.error;
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const isMissing = tried && reason.trim() === "";
  const done = () => {
    sayDone(t("inbox.decided"));
    onClose();
  };
  const send = () => {
    setTried(true);
    if (reason.trim() === "") return;
    if (what === "admission") {
      const args = { encounter: record.id, reason: reason.trim() };
      admission.mutate({ args, as_of }, { onSuccess: done });
    } else {
      const drafts = [voidOf(record.kind, record.id, reason)];
      save.mutate({ drafts, as_of, confirmed: [] }, { onSuccess: done });
    }
  };
  return (
    <ConfirmDialog
      title={t(`inbox.void.${what}`)}
      isOpen
      onClose={onClose}
      onConfirm={send}
      confirm={t("inbox.void")}
      danger
      isPending={save.isPending || admission.isPending}
    >
      {what !== "triage" && (
        <p className="font-semibold">{[record.caption, record.bed].filter(Boolean).join(" · ")}</p>
      )}
      <p>{t(what === "admission" ? "inbox.void.admission.what" : "inbox.void.what")}</p>
      {error && <ProblemBanner problem={error} />}
      <TextField
        id={`${record.kind}.void_reason`}
        label={t("inbox.why")}
        value={reason}
        onChange={setReason}
        maxLength={200}
        autoFocus
        onEnter={send}
        error={isMissing ? t("inbox.why.missing") : undefined}
      />
    </ConfirmDialog>
  );
}
