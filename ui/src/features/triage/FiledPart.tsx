/** A filed shift to read, what it corrected, and the way to correct it. */
import { useMay } from "../../access";
import { Button } from "../../components/Button";
import { Panel } from "../../components/Panel";
import type { TriageForm } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { EntryFigures } from "./EntryFigures";
import { correctionOf, type Entry, type Sheet } from "./filing";

interface FiledProps {
  form: TriageForm;
  entry: Entry;
  /** What was typed before somebody else filed the shift. */
  begun: Sheet | null;
  onCorrect(sheet: Sheet): void;
}

/** The entry. */
export function FiledPart({ form, entry, begun, onCorrect }: FiledProps) {
  const t = useText();
  const may = useMay();
  return (
    <div className="flex flex-col gap-4">
      <EntryFigures entries={[entry]} yesterday={form.yesterday} />
      {may("write", "triage") && (
        <div className="flex flex-wrap items-center gap-2">
          <Button size="large" onPress={() => onCorrect(correctionOf(entry))} data-action="correct">
            {t("triage.correct")}
          </Button>
          {begun && (
            <Button size="large" onPress={() => onCorrect({ ...begun, amends: String(entry.id) })}>
              {t("triage.correct_with_mine")}
            </Button>
          )}
          <span className="text-table text-soft">{t("triage.correct.what")}</span>
        </div>
      )}
      {form.corrected.length > 0 && (
        <Panel title={t("triage.history")}>
          <p className="mb-2 text-table text-soft">{t("triage.history.what")}</p>
          <EntryFigures entries={[entry, ...form.corrected]} />
        </Panel>
      )}
    </div>
  );
}
