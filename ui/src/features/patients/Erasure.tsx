/** Erasing a patient: asked for here, carried out by the district's operator; while it waits the page says so, and when it is done the page says that and nothing else. */
import { useState } from "react";
import { useMay } from "../../access";
import { useSave, useView } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { DateField } from "../../components/DateField";
import { ProblemBanner } from "../../components/Loaded";
import { Skeleton } from "../../components/Loading";
import { todayHere } from "../../components/readDate";
import { Select } from "../../components/Select";
import { useSaySaved } from "../../entity/useSaySaved";
import { CODES } from "../../generated/entities";
import type { ErasedShown, ErasureAsked, PatientPage } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

export interface AskErasureProps {
  page: PatientPage;
  as_of: number;
  onClose(): void;
}

/** What it means, why, and since when; the patient's name is typed to confirm it. */
export function AskErasure({ page, as_of, onClose }: AskErasureProps) {
  const t = useText();
  const save = useSave();
  const saySaved = useSaySaved();
  const [reason, setReason] = useState<string | null>(null);
  const [asked_on, setAskedOn] = useState<string | null>(() => todayHere());
  const [mistyped, setMistyped] = useState<string>();
  const [tried, setTried] = useState(false);
  const { line } = page;
  const isMissing = reason === null || asked_on === null;
  const send = () => {
    setTried(true);
    if (isMissing || save.isPending) return;
    const fields = { patient: line.patient, reason, asked_on };
    save.mutate(
      { drafts: [{ kind: "erasure", id: null, fields }], as_of },
      {
        onSuccess: () => {
          saySaved(null);
          onClose();
        },
      },
    );
  };
  return (
    <ConfirmDialog
      title={t("patients.erase.of", { name: line.name })}
      isOpen
      danger
      size="medium"
      confirm={t("patients.erase.do")}
      typed={line.name}
      isPending={save.isPending}
      onConfirm={send}
      onClose={onClose}
    >
      <ul className="list-disc pl-5 text-table text-pretty text-soft">
        {(["what", "who", "not_reached"] as const).map((key) => (
          <li key={key}>{t(`patients.erase.${key}`)}</li>
        ))}
      </ul>
      {save.error && <ProblemBanner problem={save.error} />}
      <Select
        id="erasure.reason"
        label={t("field.erasure.reason")}
        choices={CODES.erasure_reason.map(({ word }) => ({
          id: word,
          label: t(`code.erasure_reason.${word}`),
        }))}
        value={reason}
        onChange={setReason}
        autoFocus
        error={tried && reason === null ? t("patients.erase.reason.missing") : undefined}
      />
      <DateField
        id="erasure.asked_on"
        label={t("field.erasure.asked_on")}
        hint={t("field.erasure.asked_on.hint")}
        value={asked_on}
        max={todayHere()}
        onChange={(day, problem) => {
          setAskedOn(day);
          setMistyped(problem);
        }}
        error={tried && asked_on === null ? (mistyped ?? t("patients.erase.asked_on.missing")) : undefined}
      />
    </ConfirmDialog>
  );
}

/** That it was asked for and waits; who may ask may also take it back. */
export function ErasureWaits({ asked, as_of }: { asked: ErasureAsked; as_of: number }) {
  const t = useText();
  const format = useFormat();
  const may = useMay();
  const [isAsking, setIsAsking] = useState(false);
  const facts = {
    reason: asked.reason === null ? t("common.not_recorded") : t(`code.erasure_reason.${asked.reason}`),
    day: asked.asked_on === null ? t("common.not_recorded") : format.date(asked.asked_on),
  };
  return (
    <Banner
      tone="watch"
      title={t("patients.erase.waits")}
      action={
        may("write", "erasure") && (
          <Button onPress={() => setIsAsking(true)}>{t("patients.erase.withdraw")}</Button>
        )
      }
    >
      <p>{t("patients.erase.waits.what", facts)}</p>
      {isAsking && <Withdraw asked={asked} as_of={as_of} onClose={() => setIsAsking(false)} />}
    </Banner>
  );
}

/** The request is taken back before anybody carried it out. */
function Withdraw({ asked, as_of, onClose }: { asked: ErasureAsked; as_of: number; onClose(): void }) {
  const t = useText();
  const save = useSave();
  const saySaved = useSaySaved();
  const fields = { voided: "yes", void_reason: t("patients.erase.withdrawn") };
  const send = () =>
    save.mutate(
      { drafts: [{ kind: "erasure", id: asked.id, fields }], as_of, confirmed: ["voided"] },
      {
        onSuccess: () => {
          saySaved(null);
          onClose();
        },
      },
    );
  return (
    <ConfirmDialog
      title={t("patients.erase.withdraw.ask")}
      isOpen
      confirm={t("patients.erase.withdraw")}
      isPending={save.isPending}
      onConfirm={send}
      onClose={onClose}
    >
      <p className="text-table text-soft">{t("patients.erase.withdraw.what")}</p>
      {save.error && <ProblemBanner problem={save.error} />}
    </ConfirmDialog>
  );
}

/** In place of a patient's page: that they were erased, when, and at whose request or because their time was over; or what else there is to say. */
export function Erased({ patient, otherwise }: { patient: string; otherwise: React.ReactNode }) {
  const t = useText();
  const format = useFormat();
  const erased = useView<ErasedShown>("erased", { patient }, { kinds: ["erased"] });
  if (erased.isPending) return <Skeleton lines={6} shape="rows" />;
  if (erased.data === undefined || erased.error) return otherwise;
  const { asked_by, asked_on, kept_until } = erased.data;
  const at = erased.data.at === null ? t("common.not_recorded") : format.dateTime(erased.data.at);
  const asked = {
    by: asked_by || t("patients.erased.by.unknown"),
    day: asked_on === null ? t("common.not_recorded") : format.date(asked_on),
  };
  return (
    <section className="panel flex flex-col gap-1 px-4 py-3">
      <h1 className="text-title font-semibold">
        {kept_until === null
          ? t("patients.erased", { at })
          : t("patients.erased.kept_until", { at, day: format.date(kept_until) })}
      </h1>
      <p className="text-pretty text-soft">
        {kept_until === null ? t("patients.erased.by", asked) : t("patients.erased.time_over")}
      </p>
      <p className="text-pretty text-soft">{t("patients.erased.what")}</p>
    </section>
  );
}
