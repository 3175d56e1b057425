/** Registration: grouped as it is asked at the desk, with those who may be the same person offered while typing. */

import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSeen, useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { FormProblems } from "../../entity/FormProblems";
import { RecordSections } from "../../entity/RecordFields";
import { AskBefore, type Before, useBefore } from "../../entity/unsaved";
import { useRecordForm, withoutBlanks } from "../../entity/useRecordForm";
import type { LikelySame, RegisterArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { AgeField } from "./AgeField";
import { useBedInMind } from "./bedInMind";
import { usePatientSections } from "./editing";
import { LikelySameList } from "./LikelySameList";

/** The page. */
export function NewPatientPage() {
  const t = useText();
  const before = useBefore("form/patient/new");
  const seen = useSeen<unknown>("patients", { which: "admitted" });
  return (
    <div className="flex flex-col gap-3">
      <PageHeader title={t("patients.new")} />
      <Loaded view={seen}>
        {({ as_of }) => {
          if (before.state === "asking") return null;
          if (before.state === "choice") return <AskBefore before={before} />;
          return <Registration as_of={as_of} before={before} />;
        }}
      </Loaded>
    </div>
  );
}

/** The fields by which somebody is looked for who may be the same, and those that are compared too. */
const TELLING = [
  "name",
  "local_name",
  "phone",
  "abha",
  "abha_address",
  "passport",
  "hospital_number",
  "srf_id",
  "covin_id",
] as const;
const HELPING = ["birth_date", "birth_year", "gender"] as const;

/** Whoever is registered although others look alike is told apart from them: nobody is asked again. */
function registering(fields: Record<string, unknown>, likely: readonly LikelySame[]) {
  if (likely.length === 0) return null;
  const args: RegisterArgs = { fields, different_from: likely.map(({ line }) => line.patient) };
  return { name: "register", args };
}

function Registration({ as_of, before }: { as_of: number; before: Before }) {
  const t = useText();
  const navigate = useNavigate();
  const bed = useBedInMind();
  const sections = usePatientSections();
  const open = (id: string) => navigate({ to: "/patients/$id", params: { id }, search: bed ? { bed } : {} });
  const seenLikely = useRef<readonly LikelySame[]>([]);
  const form = useRecordForm({
    kind: "patient",
    record: null,
    given: () => ({ registered_at: Date.now() }),
    as_of,
    draft: before.draft,
    unsaved: before.unsaved,
    act: (fields) => registering(fields, seenLikely.current),
    onSaved: (id) => (id ? open(id) : navigate({ to: "/patients" })),
  });
  const typed = form.fields();
  const known = Object.fromEntries([...TELLING, ...HELPING].map((field) => [field, typed[field]]));
  const isKnown = TELLING.some((field) => String(typed[field] ?? "").trim().length > 2);
  const same = useView<LikelySame[]>(
    "likely_same",
    { fields: withoutBlanks(known), except: null },
    { kinds: ["patient"], enabled: isKnown, keepPrevious: true },
  );
  const likely = isKnown ? (same.data ?? []) : [];
  // Who stands beside the button when it is pressed is who was looked at.
  useEffect(() => {
    seenLikely.current = likely;
  });
  return (
    <form
      noValidate
      className="grid grid-cols-[minmax(0,1fr)_300px] items-start gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        form.send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.ctrlKey) form.send();
      }}
    >
      <div className="flex min-w-0 flex-col gap-3">
        <FormProblems form={form} />
        <section className="panel flex flex-col gap-5 p-4">
          <RecordSections
            form={form}
            sections={sections}
            columns={3}
            own={{ age: <AgeField form={form} /> }}
            isFirst
          />
        </section>
      </div>
      <aside className="sticky top-0 flex flex-col gap-3">
        <LikelySameList likely={likely} onOpen={open} />
        <Button type="submit" variant="primary" size="large" isPending={form.isPending} data-primary>
          {t(
            likely.length > 0
              ? "patients.same.different"
              : bed
                ? "patients.register.admit"
                : "patients.register",
          )}
        </Button>
      </aside>
    </form>
  );
}
