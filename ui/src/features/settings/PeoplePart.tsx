/** The people of the facility. Who is new gets their account and password at the district server. */
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../access";
import { useCommand, whenDone } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Loaded, ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { Status } from "../../components/Status";
import { Table } from "../../components/Table";
import { sayDone } from "../../components/Toast";
import { RecordDialog } from "../../entity/RecordDialog";
import { inOrder, type Plain, textOf, useRecords, wordOf } from "../../entity/records";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { GivePassword } from "./GivePassword";

const FIELDS = ["name", "role", "phone", "other_phone", "email", "qualification", "registration", "active"];

/** The list; a row opens for whoever may write people. */
export function PeoplePart() {
  const t = useText();
  const may = useMay();
  const { facility, server, who } = useSession().data ?? {};
  const people = useRecords("person");
  const [giving, setGiving] = useState<{ id: string; name: string } | null>(null);
  const [open, setOpen] = useState<{ person: Plain; as_of: number } | null>(null);
  return (
    <Panel>
      <p className="mb-3 max-w-prose text-table text-soft">{t("settings.people.what")}</p>
      {may("write", "person") && <Suspended />}
      <Loaded
        view={people}
        isEmpty={({ data }) => data.length === 0}
        empty={<EmptyState title={t("settings.people.none")} />}
      >
        {({ as_of, data }) => (
          <Table
            caption={t("settings.people")}
            captionIs="hidden"
            rows={inOrder(
              data.filter((person) => person.facility === facility),
              "name",
            )}
            rowId={(person) => person.id}
            onOpen={may("write", "person") ? (person) => setOpen({ person, as_of }) : undefined}
            empty={t("settings.people.none")}
            columns={[
              { id: "name", label: t("field.person.name"), cell: (person) => textOf(person, "name") },
              {
                id: "username",
                label: t("field.person.username"),
                cell: (person) => textOf(person, "username"),
              },
              {
                id: "role",
                label: t("field.person.role"),
                cell: (person) => wordOf(t, person, "role", "role"),
              },
              { id: "phone", label: t("field.person.phone"), cell: (person) => textOf(person, "phone") },
              {
                id: "active",
                label: t("field.person.active"),
                cell: (person) =>
                  person.active === "no" ? (
                    <Status shape="cross" tone="problem">
                      {t("settings.people.inactive")}
                    </Status>
                  ) : (
                    <Status shape="tick" tone="ok">
                      {t("settings.people.active")}
                    </Status>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {open && (
        <RecordDialog
          title={textOf(open.person, "name")}
          kind="person"
          fields={FIELDS}
          record={open.person}
          as_of={open.as_of}
          head={
            server && open.person.id !== who?.person && open.person.active !== "no" ? (
              <div className="flex flex-wrap items-center justify-between gap-2">
                <p className="text-table text-soft">{t("settings.password.ask")}</p>
                <Button
                  icon={<KeyRound className="size-4" aria-hidden="true" />}
                  onPress={() => {
                    setOpen(null);
                    setGiving({ id: open.person.id, name: textOf(open.person, "name") ?? "" });
                  }}
                >
                  {t("settings.password.do")}
                </Button>
              </div>
            ) : undefined
          }
          onClose={() => setOpen(null)}
        />
      )}
      {giving && <GivePassword person={giving} onClose={() => setGiving(null)} />}
    </Panel>
  );
}

/** Who was suspended at this computer for wrong passwords: an admin lets them in again. */
function Suspended() {
  const t = useText();
  const { people = [], suspended = [] } = useSession().data ?? {};
  const letIn = useCommand<{ person: string }, null>("let_in_again");
  return (
    <div className="mb-3 flex flex-col gap-2 empty:hidden">
      {letIn.error && <ProblemBanner problem={letIn.error} />}
      {people
        .filter((each) => suspended.includes(each.person))
        .map(({ person, name }) => (
          <Banner
            key={person}
            tone="watch"
            title={t("settings.people.suspended", { name })}
            action={
              <Button
                isPending={letIn.isPending}
                onPress={() =>
                  whenDone(letIn.mutateAsync({ person }), () =>
                    sayDone(t("settings.people.let_in_again.done", { name })),
                  )
                }
              >
                {t("settings.people.let_in_again")}
              </Button>
            }
          />
        ))}
    </div>
  );
}
