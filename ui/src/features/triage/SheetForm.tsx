/** The form of a shift: counts in reading order, Enter goes on, Ctrl+Enter files. What is typed is kept as it is typed. */
import type { FormEvent, KeyboardEvent } from "react";
import { useMay } from "../../access";
import { useSave, whenDone } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { focusField } from "../../components/ErrorSummary";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import { FormProblems } from "../../entity/FormProblems";
import { useFaults } from "../../entity/useFaults";
import type { TriageForm } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { CountsTable } from "./CountsTable";
import { COUNTS, draftOf, type Entry, isWritten, type Sheet, takeAll } from "./filing";

interface SheetProps {
  day: string;
  shift: string;
  form: TriageForm;
  /** The moment the form was read at. */
  as_of: number;
  sheet: Sheet;
  /** The entry that is being corrected. */
  standing: Entry | null;
  isBack: boolean;
  keptAt: number | null;
  onWrite(sheet: Sheet): void;
  onDrop(): void;
}

/** The form. */
export function SheetForm(props: SheetProps) {
  const { day, shift, form, as_of, sheet, standing, isBack, keptAt, onWrite, onDrop } = props;
  const t = useText();
  const format = useFormat();
  const facility = useSession().data?.facility ?? "";
  const save = useSave();
  const may = useMay()("write", "triage");
  const faults = useFaults("triage", save.error, COUNTS[0]);
  const count = (field: string, value: number | null, problem?: string) => {
    faults.typed(field, problem);
    onWrite({ ...sheet, counts: { ...sheet.counts, [field]: value } });
  };
  const send = () => {
    faults.tried();
    if (faults.isUntyped || save.isPending || !may) return;
    const drafts = [draftOf(sheet, facility, day, shift)];
    whenDone(save.mutateAsync({ drafts, as_of, confirmed: faults.confirmed }), () => {
      sayDone(t("ui.saved_here", { time: format.time(Date.now()) }));
      onDrop();
    });
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.target instanceof HTMLButtonElement) return;
    if (event.target instanceof HTMLTextAreaElement && !event.ctrlKey) return;
    event.preventDefault();
    if (event.ctrlKey) send();
  };
  const next = (field: string) => focusField(`triage.${COUNTS[COUNTS.indexOf(field) + 1] ?? "note"}`);

  return (
    <form
      noValidate
      className="flex max-w-[960px] flex-col gap-3 [&_input]:scroll-mb-20"
      onSubmit={onSubmit}
      onKeyDown={onKeyDown}
    >
      {standing && (
        <Banner tone="info" title={t("triage.correcting.title")}>
          {t("triage.correcting.what")}
        </Banner>
      )}
      {isBack && isWritten(sheet) && <p className="text-table text-soft">{t("triage.brought_back")}</p>}
      <FormProblems form={faults} />
      <CountsTable
        form={form}
        sheet={sheet}
        standing={standing}
        isReadOnly={!may}
        errorOf={faults.errorOf}
        onCount={count}
        onEnter={next}
        onTakeAll={() => onWrite(takeAll(sheet, form))}
      />
      <TextField
        id="triage.note"
        label={t("field.triage.note")}
        optional
        lines={2}
        maxLength={1000}
        isReadOnly={!may}
        value={sheet.note}
        onChange={(note) => onWrite({ ...sheet, note })}
        error={faults.errorOf("note")}
      />
      {may && (
        <div className="sticky -bottom-4 flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line bg-page pt-2 pb-4">
          <Button
            type="submit"
            variant="primary"
            size="large"
            keys="Ctrl+Enter"
            isPending={save.isPending}
            data-primary
          >
            {t(standing ? "triage.file_correction" : "triage.file")}
          </Button>
          {(standing || isWritten(sheet)) && (
            <Button size="large" onPress={onDrop}>
              {t(standing ? "triage.drop_correction" : "triage.drop")}
            </Button>
          )}
          <span className="text-small text-soft" role="status">
            {keptAt !== null
              ? t("triage.kept", { saved: t("ui.saved_here", { time: format.time(keptAt) }) })
              : t("triage.hint")}
          </span>
        </div>
      )}
    </form>
  );
}
