/** Registration: grouped as it is asked at the desk, with those who may be the same person offered while typing. */
import { useNavigate } from "@tanstack/react-router";
import { useSeen, useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { ErrorSummary } from "../../components/ErrorSummary";
import { Loaded, ProblemBanner } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Panel } from "../../components/Panel";
import { type Kept, useDraft } from "../../draft";
import { Doubts } from "../../entity/Doubts";
import { RecordFields } from "../../entity/RecordFields";
import { type Changed, useRecordForm } from "../../entity/useRecordForm";
import type { LikelySame } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { useBedInMind } from "./bedInMind";
import { SECTIONS } from "./fields";
import { LikelySameList } from "./LikelySameList";

/** The page. */
export function NewPatientPage() {
  const t = useText();
  const draft = useDraft<Changed>("form/patient/new");
  const seen = useSeen<unknown>("patients", { which: "admitted" });
  return (
    <div className="flex flex-col gap-3">
      <PageHeader title={t("patients.new")} />
      <Loaded view={seen}>
        {({ as_of }) => (draft.kept === undefined ? null : <Registration as_of={as_of} draft={draft} />)}
      </Loaded>
    </div>
  );
}

function Registration({ as_of, draft }: { as_of: number; draft: Kept<Changed> }) {
  const t = useText();
  const navigate = useNavigate();
  const bed = useBedInMind();
  const open = (id: string) => navigate({ to: "/patients/$id", params: { id }, search: bed ? { bed } : {} });
  const given = { registered_at: Date.now() };
  const form = useRecordForm({
    kind: "patient",
    record: null,
    given,
    as_of,
    draft,
    onSaved: (id) => (id ? open(id) : navigate({ to: "/patients" })),
  });
  const { name, phone, birth_date, birth_year, abha, passport } = form.changed;
  const known = { name, phone, birth_date, birth_year, abha, passport };
  const isKnown = [name, phone, abha, passport].some(
    (value) => typeof value === "string" && value.length > 3,
  );
  const same = useView<LikelySame[]>(
    "likely_same",
    { fields: withoutBlanks(known), except: null },
    { kinds: ["patient"], enabled: isKnown, keepPrevious: true },
  );
  const likely = isKnown ? (same.data ?? []) : [];
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
        <ErrorSummary errors={form.errors} attempt={form.attempt} />
        {form.failure && <ProblemBanner problem={form.failure} />}
        <Doubts
          problems={form.problems}
          confirmed={form.confirmed}
          onConfirm={form.setConfirmed}
          say={(what) => t("form.confirm", { what })}
        />
        {Object.entries(SECTIONS).map(([section, names], index) => (
          <Panel key={section} title={t(`patients.section.${section as keyof typeof SECTIONS}`)}>
            <RecordFields form={form} names={names} columns={3} isFirst={index === 0} />
          </Panel>
        ))}
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

/** What was really typed. */
function withoutBlanks(fields: Changed): Changed {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
