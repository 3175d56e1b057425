/** What the patient agreed to besides treatment: what stands, what was taken back. */
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Status } from "../../components/Status";
import { Table } from "../../components/Table";
import type { ConsentShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

export interface ConsentsPartProps {
  consents: readonly ConsentShown[];
  /** Null for those who may not write it down. */
  onGive: (() => void) | null;
  onWithdraw: ((consent: ConsentShown) => void) | null;
  onCorrect: ((consent: ConsentShown) => void) | null;
}

/** The part. */
export function ConsentsPart({ consents, onGive, onWithdraw, onCorrect }: ConsentsPartProps) {
  const t = useText();
  const give = onGive && <Button onPress={onGive}>{t("patients.consent.give")}</Button>;
  if (consents.length === 0) {
    return (
      <EmptyState title={t("patients.consent.none")} action={give}>
        {t("patients.consent.none.what")}
      </EmptyState>
    );
  }
  const word = (list: string, value: unknown) => t(`code.${list}.${String(value)}`);
  return (
    <div className="flex flex-col gap-3">
      <Table
        caption={t("patients.consents")}
        captionIs="hidden"
        rows={consents}
        rowId={(consent) => consent.id}
        columns={[
          {
            id: "purpose",
            label: t("field.consent.purpose"),
            cell: ({ fields }: ConsentShown) => (
              <>
                <b className="block font-semibold">{word("consent_purpose", fields.purpose)}</b>
                {typeof fields.note === "string" && (
                  <span className="block break-words whitespace-pre-line text-soft">{fields.note}</span>
                )}
              </>
            ),
          },
          {
            id: "given",
            label: t("patients.consent.given"),
            cell: (consent: ConsentShown) => <Given consent={consent} />,
          },
          {
            id: "state",
            label: t("patients.consent.state"),
            width: "230px",
            cell: (consent: ConsentShown) => <State consent={consent} />,
          },
          {
            id: "withdraw",
            label: t("patients.consent.deeds"),
            width: "130px",
            cell: (consent: ConsentShown) => (
              <span className="-ml-3 flex flex-col items-start">
                {consent.stands && onWithdraw && (
                  <Deed word="withdraw" consent={consent} onPress={() => onWithdraw(consent)} />
                )}
                {onCorrect && <Deed word="correct" consent={consent} onPress={() => onCorrect(consent)} />}
              </span>
            ),
          },
        ]}
      />
      {give && <div>{give}</div>}
    </div>
  );
}

/** A quiet button that says what it is about to who does not see the row. */
function Deed(props: { word: "withdraw" | "correct"; consent: ConsentShown; onPress(): void }) {
  const t = useText();
  const what = t(`code.consent_purpose.${String(props.consent.fields.purpose)}`);
  return (
    <Button
      variant="quiet"
      onPress={props.onPress}
      aria-label={t(`patients.consent.${props.word}.what`, { what })}
    >
      {t(`patients.consent.${props.word}`)}
    </Button>
  );
}

/** By whom, how and when. */
function Given({ consent: { fields, given_at } }: { consent: ConsentShown }) {
  const t = useText();
  const format = useFormat();
  const by = [t(`code.consent_given_by.${String(fields.given_by)}`), fields.giver_name];
  return (
    <>
      <span className="block">
        {by.filter(Boolean).join(": ")} · {t(`code.consent_how.${String(fields.how)}`)}
      </span>
      {given_at !== null && <time className="text-soft tabular-nums">{format.dateTime(given_at)}</time>}
    </>
  );
}

function State({ consent }: { consent: ConsentShown }) {
  const t = useText();
  const format = useFormat();
  if (consent.stands)
    return (
      <Status shape="tick" tone="ok">
        {t("patients.consent.stands")}
      </Status>
    );
  if (consent.withdrawn_at === null) return <Status shape="ring">{t("patients.consent.covered")}</Status>;
  const by = consent.fields.withdrawn_by;
  return (
    <>
      <Status shape="ring">{t("patients.consent.withdrawn")}</Status>
      <span className="block text-soft">
        {format.dateTime(consent.withdrawn_at)}
        {typeof by === "string" && ` · ${t(`code.consent_given_by.${by}`)}`}
      </span>
    </>
  );
}
