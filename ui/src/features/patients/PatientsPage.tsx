/** Patients: find her, now. What is typed searches at once; else those admitted, or lately discharged. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { UserPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { useMay } from "../../access";
import { useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { VirtualTable } from "../../components/VirtualTable";
import type { PatientLine, Which } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { useLineColumns } from "./lineColumns";

const KINDS = ["patient", "encounter", "bed_stay", "round"];

/** The lists, which the address names: each figure of the war room leads to the list that it counts. */
const LISTS: readonly Which[] = [
  "admitted",
  "positive",
  "suspected",
  "waiting",
  "leaving",
  "admitted_today",
  "discharged_today",
  "discharged",
];

/** So many are found at most: who looks for one of more types on. */
const MOST_FOUND = 50;

/** The page. */
export function PatientsPage() {
  const t = useText();
  const may = useMay();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const asked = new URLSearchParams(useLocation().searchStr).get("which");
  const which = LISTS.find((each) => each === asked) ?? "admitted";
  const isSearching = typed.trim().length >= 2;
  const listed = useView<PatientLine[]>("patients", { which }, { kinds: KINDS, enabled: !isSearching });
  const found = useView<PatientLine[]>(
    "find_patients",
    { text: typed, most: MOST_FOUND },
    { kinds: KINDS, enabled: isSearching, keepPrevious: true },
  );
  const columns = useLineColumns(which === "leaving" && !isSearching);
  // Enter may come before its answer: then the earlier one still stands on the screen, and nobody of it is opened.
  const [awaited, setAwaited] = useState<string | null>(null);
  const answer = isSearching && !found.isPlaceholderData ? found.data : undefined;
  const open = (line: PatientLine) => navigate({ to: "/patients/$id", params: { id: line.patient } });
  useEffect(() => {
    if (awaited === null || awaited !== typed || answer === undefined) return;
    setAwaited(null);
    const [first] = answer;
    if (first) navigate({ to: "/patients/$id", params: { id: first.patient } });
  }, [awaited, typed, answer, navigate]);
  return (
    <div className="flex h-full flex-col gap-3">
      <PageHeader
        title={t("patients.title")}
        actions={
          may("write", "patient") && (
            <Button
              variant="primary"
              icon={<UserPlus className="size-4" aria-hidden="true" />}
              onPress={() => navigate({ to: "/patients/new" })}
            >
              {t("patients.new")}
            </Button>
          )
        }
      />
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <div className="w-96">
          <TextField
            id="patients-search"
            label={t("patients.search")}
            hint={t("patients.search.hint")}
            value={typed}
            onChange={(text) => {
              setTyped(text);
              setAwaited(null);
            }}
            inputMode="search"
            autoFocus
            onEnter={() => isSearching && setAwaited(typed)}
          />
        </div>
        {!isSearching && (
          <div className="w-64">
            <Select
              id="patients-which"
              label={t("patients.which")}
              value={which}
              onChange={(chosen) =>
                chosen && navigate({ to: "/patients", search: { which: chosen }, replace: true })
              }
              choices={LISTS.map((id) => ({ id, label: t(`patients.list.${id}`) }))}
            />
          </div>
        )}
      </div>
      <Loaded
        view={isSearching ? found : listed}
        isEmpty={(lines) => lines.length === 0}
        empty={<EmptyState title={t("patients.none")}>{t("patients.none.what")}</EmptyState>}
      >
        {(lines) => (
          <>
            {isSearching && lines.length >= MOST_FOUND && (
              <p className="text-table text-soft">{t("patients.found.first", { count: MOST_FOUND })}</p>
            )}
            <VirtualTable
              caption={isSearching ? t("patients.found") : t(`patients.list.${which}`)}
              columns={columns}
              rows={lines}
              rowId={(line) => line.encounter ?? line.patient}
              onOpen={open}
              total={lines.length}
            />
          </>
        )}
      </Loaded>
    </div>
  );
}
