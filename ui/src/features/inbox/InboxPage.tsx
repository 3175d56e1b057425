/** Inbox: what needs a decision from me? */
import { roleMay } from "../../access";
import { useAsked, useSeen } from "../../backend-context";
import { EmptyState } from "../../components/EmptyState";
import { KeepsFocus } from "../../components/KeepsFocus";
import { Loaded, ProblemBanner } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Portions } from "../../components/Portions";
import type { Inbox, KeptAside } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { EmergenciesPart } from "./EmergenciesPart";
import { FieldConflict } from "./FieldConflict";
import { isUnderWay, KeptAsidePart } from "./KeptAsidePart";
import { WardConflict } from "./WardConflict";

/** The page. */
export function InboxPage() {
  const t = useText();
  const view = useSeen<Inbox>("inbox");
  const role = useSession().data?.who?.role ?? "";
  // The admins, who may write people; the desk tells nobody else.
  const decides = roleMay(role, "write", "person") && roleMay(role, "see", "patient");
  const kept = useAsked<KeptAside>("kept_aside", {}, { enabled: decides });
  const aside = kept.data ?? { actions: [], left_out: 0 };
  const isAside = aside.actions.length + aside.left_out > 0;
  const waits = aside.actions.filter((action) => !isUnderWay(action)).length + aside.left_out;
  const shown = view.data?.data;
  const count = shown && shown.fields.length + shown.ward.length + shown.emergencies.length + waits;
  return (
    <>
      <PageHeader title={t("inbox.title")} detail={count ? t("inbox.detail", { count }) : undefined} />
      {kept.error && <ProblemBanner problem={kept.error} />}
      <KeepsFocus>
        <Loaded
          view={view}
          isEmpty={({ data }) =>
            data.fields.length + data.ward.length + data.emergencies.length === 0 && !isAside
          }
          empty={<EmptyState title={t("inbox.none")}>{t("inbox.none.what")}</EmptyState>}
        >
          {({ data, as_of }) => (
            <div className="flex max-w-[1040px] flex-col gap-6">
              {data.emergencies.length > 0 && <EmergenciesPart emergencies={data.emergencies} />}
              {data.ward.length > 0 && (
                <section className="flex flex-col gap-3">
                  <h2 className="font-semibold">{t("inbox.ward", { count: data.ward.length })}</h2>
                  <Portions items={data.ward}>
                    {(conflict) => (
                      <WardConflict
                        key={`${conflict.what} ${conflict.records.map((record) => record.id).join(" ")}`}
                        conflict={conflict}
                        as_of={as_of}
                      />
                    )}
                  </Portions>
                </section>
              )}
              {data.fields.length > 0 && (
                <section className="flex flex-col gap-3">
                  <h2 className="font-semibold">{t("inbox.fields", { count: data.fields.length })}</h2>
                  <Portions items={data.fields}>
                    {(conflict) => (
                      <FieldConflict
                        key={`${conflict.kind} ${conflict.record} ${conflict.field}`}
                        conflict={conflict}
                        as_of={as_of}
                      />
                    )}
                  </Portions>
                </section>
              )}
              {isAside && <KeptAsidePart kept={aside} />}
            </div>
          )}
        </Loaded>
      </KeepsFocus>
    </>
  );
}
