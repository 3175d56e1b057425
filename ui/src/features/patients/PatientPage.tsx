/** One patient: what is going on with her, and everything that can be done for her. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../../access";
import { useSeen, useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { Loaded } from "../../components/Loaded";
import { Tabs } from "../../components/Tabs";
import { AdmitDialog } from "../../entity/movement/AdmitDialog";
import { DischargeDialog } from "../../entity/movement/DischargeDialog";
import { TransferDialog } from "../../entity/movement/TransferDialog";
import type {
  BedBoard,
  ConsentShown,
  EncounterShown,
  PatientPage as Page,
  RoundShown,
} from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { useBedInMind } from "./bedInMind";
import { GiveConsent, WithdrawConsent } from "./ConsentDialogs";
import { ConsentsPart } from "./ConsentsPart";
import { AskErasure, Erased, ErasureWaits } from "./Erasure";
import { EditAdmission, EditConsent, EditPatient } from "./editing";
import { HistoryPart } from "./HistoryPart";
import { deathOf, PatientBanner } from "./PatientBanner";
import { Registrations, Unsettled } from "./Registrations";
import { ReportDialog } from "./ReportDialog";
import { RoundDialog } from "./RoundDialog";
import { RoundsPart } from "./RoundsPart";
import { scaleOf } from "./rounds";
import { StaysPart } from "./StaysPart";
import { SummaryPart } from "./SummaryPart";
import { WhoLookedPart } from "./WhoLookedPart";

const KINDS = ["patient", "encounter", "bed_stay", "round", "bed", "consent", "erasure", "erased"];

type Doing =
  | "edit"
  | "admit"
  | "move"
  | "discharge"
  | { round: RoundShown | null }
  | { encounter: EncounterShown }
  | "consent"
  | "report"
  | "erase"
  | { consent: ConsentShown }
  | { corrected: ConsentShown }
  | null;

/** The page. */
export function PatientPage() {
  const { id = "" } = useParams({ strict: false });
  const seen = useSeen<Page>("patient", { id }, { kinds: KINDS });
  const page = (
    <Loaded view={seen}>{({ data, as_of }) => <Patient key={id} page={data} as_of={as_of} />}</Loaded>
  );
  return seen.error?.code === "not_found" ? <Erased patient={id} otherwise={page} /> : page;
}

function Patient({ page, as_of }: { page: Page; as_of: number }) {
  const t = useText();
  const may = useMay();
  const navigate = useNavigate();
  const bed = useBedInMind();
  const { line } = page;
  const open = page.encounters.find((each) => each.id === line.encounter);
  const isAwaited = bed !== null && !open && may("write", "encounter");
  const [doing, setDoing] = useState<Doing>(isAwaited ? "admit" : null);
  const close = () => {
    setDoing(null);
    if (bed) navigate({ to: "/patients/$id", params: { id: line.patient }, replace: true });
  };
  const rounds = open?.rounds ?? page.encounters[0]?.rounds ?? [];
  const mayEdit = may("write", "encounter");
  const mayRound = open !== undefined && may("write", "round");
  return (
    <div className="flex flex-col gap-3">
      <PatientBanner page={page} />
      {page.erasure && <ErasureWaits asked={page.erasure} as_of={as_of} />}
      <Unsettled page={page} />
      <Registrations page={page} as_of={as_of} />
      <div className="flex flex-wrap gap-2">
        {mayRound && (
          <Button variant="primary" onPress={() => setDoing({ round: null })}>
            {t("patients.round")}
          </Button>
        )}
        {!open && mayEdit && deathOf(page) === null && (
          <Button variant="primary" onPress={() => setDoing("admit")}>
            {t("patients.admit")}
          </Button>
        )}
        {open && may("write", "bed_stay") && (
          <Button onPress={() => setDoing("move")}>{t("patients.move")}</Button>
        )}
        {open && may("write", "encounter") && (
          <Button onPress={() => setDoing("discharge")}>{t("patients.discharge")}</Button>
        )}
        {open && mayEdit && (
          <Button onPress={() => setDoing({ encounter: open })}>{t("patients.admission.edit")}</Button>
        )}
        {may("write", "patient") && <Button onPress={() => setDoing("edit")}>{t("patients.edit")}</Button>}
        {may("write", "person") && <Button onPress={() => setDoing("report")}>{t("patients.report")}</Button>}
        {may("write", "erasure") && !page.erasure && (
          <Button onPress={() => setDoing("erase")}>{t("patients.erase")}</Button>
        )}
      </div>
      <Tabs
        label={line.name}
        parts={[
          {
            id: "summary",
            label: t("patients.summary"),
            content: <SummaryPart page={page} open={open} />,
          },
          {
            id: "rounds",
            label: t("patients.rounds"),
            count: rounds.length,
            content: (
              <RoundsPart rounds={rounds} onCorrect={mayRound ? (round) => setDoing({ round }) : null} />
            ),
          },
          {
            id: "stays",
            label: t("patients.stays"),
            content: (
              <StaysPart
                encounters={page.encounters}
                onEdit={mayEdit ? (encounter) => setDoing({ encounter }) : null}
              />
            ),
          },
          ...(may("see", "consent")
            ? [
                {
                  id: "consents",
                  label: t("patients.consents"),
                  count: page.consents.filter((each) => each.stands).length,
                  content: (
                    <ConsentsPart
                      consents={page.consents}
                      onGive={may("write", "consent") ? () => setDoing("consent") : null}
                      onWithdraw={may("write", "consent") ? (consent) => setDoing({ consent }) : null}
                      onCorrect={
                        may("write", "consent") ? (consent) => setDoing({ corrected: consent }) : null
                      }
                    />
                  ),
                },
              ]
            : []),
          { id: "history", label: t("patients.history"), content: <HistoryPart page={page} /> },
          ...(may("see", "audit_event")
            ? [
                {
                  id: "looked",
                  label: t("patients.looked"),
                  content: <WhoLookedPart patient={line.patient} />,
                },
              ]
            : []),
        ]}
      />
      {doing && <PatientDeed page={page} as_of={as_of} doing={doing} bed={bed} onClose={close} />}
    </div>
  );
}

interface DeedProps {
  page: Page;
  as_of: number;
  doing: Exclude<Doing, null>;
  /** The bed the patient is admitted to, when it was chosen before the registration. */
  bed: string | null;
  onClose(): void;
}

function PatientDeed({ page, as_of, doing, bed, onClose }: DeedProps) {
  const { line } = page;
  const needsBoard = doing === "admit" || doing === "move";
  const board = useView<BedBoard>("bed_board", null, { enabled: needsBoard });
  const encounter = line.encounter;
  if (doing === "edit") return <EditPatient page={page} as_of={as_of} onClose={onClose} />;
  if (typeof doing === "object" && "encounter" in doing) {
    return <EditAdmission name={line.name} encounter={doing.encounter} as_of={as_of} onClose={onClose} />;
  }
  if (doing === "report") return <ReportDialog patient={line.patient} name={line.name} onClose={onClose} />;
  if (doing === "erase") return <AskErasure page={page} as_of={as_of} onClose={onClose} />;
  if (doing === "consent") {
    return <GiveConsent patient={line.patient} name={line.name} as_of={as_of} onClose={onClose} />;
  }
  if (typeof doing === "object" && "corrected" in doing) {
    return <EditConsent consent={doing.corrected} as_of={as_of} onClose={onClose} />;
  }
  if (typeof doing === "object" && "consent" in doing) {
    return <WithdrawConsent consent={doing.consent} as_of={as_of} onClose={onClose} />;
  }
  if (doing === "admit" && board.data) {
    const patient = { id: line.patient, name: line.name };
    return <AdmitDialog {...{ board: board.data, as_of, patient, bed, onClose }} />;
  }
  if (!encounter) return null;
  const { name } = line;
  if (doing === "move" && board.data) {
    const isLeaving = line.bed_id !== null;
    return <TransferDialog {...{ board: board.data, as_of, encounter, name, isLeaving, onClose }} />;
  }
  if (doing === "discharge") {
    return <DischargeDialog {...{ as_of, encounter, name, onClose }} isInBed={line.bed_id !== null} />;
  }
  if (typeof doing === "string") return null;
  const open = page.encounters.find((each) => each.id === encounter);
  return open === undefined ? null : (
    <RoundDialog
      patient={line.patient}
      name={name}
      encounter={open}
      scale={scaleOf(page.encounters)}
      corrects={doing.round}
      as_of={as_of}
      onClose={onClose}
    />
  );
}
