/** One shift of one day: to be filed, filed, being corrected, or filed twice. */
import { useState } from "react";
import { useSeen } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ButtonLink } from "../../components/ButtonLink";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Status } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import { type Kept, useDraft } from "../../draft";
import type { TriageForm } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { EntryFigures } from "./EntryFigures";
import { FiledPart } from "./FiledPart";
import { placeOf, type Sheet, STATE_LOOK } from "./filing";
import { SheetForm } from "./SheetForm";

/** Which shift. */
export interface ShiftProps {
  day: string;
  shift: string;
}

/** The shift. What was typed before a lock comes back. */
export function ShiftPart(props: ShiftProps) {
  const t = useText();
  const format = useFormat();
  const { day, shift } = props;
  const view = useSeen<TriageForm>("triage_form", { day, shift });
  const draft = useDraft<Sheet>(`triage/${day}/${shift}`);
  const form = view.data?.data;
  return (
    <>
      <PageHeader
        title={t("triage.shift.title", { shift: t(`code.shift.${shift}`), day: format.date(day) })}
        detail={
          form && (
            <span className="flex flex-wrap items-center gap-x-4">
              <Status {...STATE_LOOK[form.state]}>{t(`triage.state.${form.state}`)}</Status>
              {form.phase === "ahead" && (
                <b className="font-semibold text-ink">
                  {t("triage.ahead", { when: format.dateTime(form.from) })}
                </b>
              )}
              {t("triage.due", { when: format.dateTime(form.due) })}
            </span>
          )
        }
        actions={<ButtonLink href={`/triage?day=${day}`}>{t("triage.to_month")}</ButtonLink>}
      />
      <Loaded view={view}>
        {(seen) =>
          draft.kept === undefined ? null : (
            <Content {...props} form={seen.data} as_of={seen.as_of} draft={draft} />
          )
        }
      </Loaded>
    </>
  );
}

type ContentProps = ShiftProps & { form: TriageForm; as_of: number; draft: Kept<Sheet> };

function Content({ form, draft, ...props }: ContentProps) {
  const t = useText();
  const [sheet, setSheet] = useState<Sheet | null>(draft.kept ?? null);
  const write = (next: Sheet) => {
    setSheet(next);
    draft.keep(next);
  };
  const drop = () => {
    setSheet(null);
    draft.forget();
  };
  const place = placeOf(form, sheet);
  if (place.at === "twice") {
    return (
      <div className="flex flex-col gap-4">
        <Banner
          tone="problem"
          title={t("triage.twice.title")}
          action={<TextLink href="/inbox">{t("triage.to_inbox")}</TextLink>}
        >
          {t("triage.twice.what")}
        </Banner>
        <EntryFigures entries={place.standing} />
      </div>
    );
  }
  if (place.at === "filed") {
    return (
      <>
        {place.begun && (
          <div className="mb-4">
            <Banner
              tone="watch"
              title={t("triage.begun.title")}
              action={<Button onPress={drop}>{t("triage.begun.drop")}</Button>}
            >
              {t("triage.begun.what")}
            </Banner>
          </div>
        )}
        <FiledPart form={form} entry={place.standing} begun={place.begun} onCorrect={write} />
      </>
    );
  }
  return (
    <SheetForm
      {...props}
      form={form}
      sheet={place.sheet}
      standing={place.at === "correcting" ? place.standing : null}
      isBack={draft.kept !== null && draft.kept !== undefined}
      keptAt={draft.kept_at}
      onWrite={write}
      onDrop={drop}
    />
  );
}
