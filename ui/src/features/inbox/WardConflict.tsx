/** Records that contradict one another: what it means, since when, the records, and what ends it. */
import { useId, useState } from "react";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Status, Tag } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import type { WardConflictShown, WayShown } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { Age } from "./Age";
import { CARDS, ConflictRecord } from "./ConflictRecord";
import { comparedOf } from "./deciding";
import { EditAfterVoid } from "./EditAfterVoid";
import { needsOf, useWay } from "./useWay";
import { WayDialog } from "./WayDialog";

/** The conflict. */
export function WardConflict({ conflict, as_of }: { conflict: WardConflictShown; as_of: number }) {
  const t = useText();
  const title = useId();
  const [asking, setAsking] = useState<WayShown | null>(null);
  const deed = useWay(conflict, as_of);
  const { what, records } = conflict;
  const compared = comparedOf(records);
  const begin = (way: WayShown) => {
    if (deed.isPending) return;
    if (!needsOf(way)) return deed.take(way);
    deed.forget();
    setAsking(way);
  };
  const buttons = (ways: readonly WayShown[]) =>
    ways.map((way) =>
      way.what === "count" ? (
        <TextLink key={way.what} href={`/stock/${way.record}`}>
          {t("inbox.count")}
        </TextLink>
      ) : (
        <Button
          key={`${way.what} ${way.record}`}
          isPending={deed.taking === way}
          onPress={() => begin(way)}
          data-way={way.what}
        >
          {deed.wordsOf(way)}
        </Button>
      ),
    );
  const isOfAll = (way: WayShown) =>
    way.what === "tell_apart" || !records.some((record) => record.id === way.record);
  return (
    <article tabIndex={-1} aria-labelledby={title} className="panel px-4 py-3" data-conflict={what}>
      <header className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 id={title}>
          <Status shape="cross" tone="problem" isLong>
            {t(`inbox.what.${what}`)}
          </Status>
        </h3>
        <Age since={conflict.since} escalation={conflict.escalation} />
      </header>
      <p className="mb-3 max-w-[80ch] text-table text-soft">{t(`inbox.what.${what}.means`)}</p>
      {conflict.advisory && (
        <p className="mb-3 flex flex-wrap items-baseline gap-x-2 gap-y-1 text-table">
          <Tag tone="watch" shape="ring">
            {t("inbox.advisory")}
          </Tag>
          {t("inbox.advisory.what")}
        </p>
      )}
      {conflict.reasons.length > 0 && (
        <p className="mb-3 flex flex-wrap gap-2 text-table">
          {conflict.reasons.map((reason) => (
            <Tag key={reason}>{t(`patients.same.${reason}`)}</Tag>
          ))}
        </p>
      )}
      {deed.error && !asking && <ProblemBanner problem={deed.error} />}
      {conflict.said ? (
        <EditAfterVoid conflict={conflict} said={conflict.said} buttons={buttons} />
      ) : (
        <ul className={CARDS}>
          {records.map((record) => (
            <ConflictRecord
              key={record.id}
              record={record}
              compared={compared}
              others={records.filter((each) => each.id !== record.id && each.kind === record.kind)}
              actions={buttons(conflict.ways.filter((way) => way.record === record.id && !isOfAll(way)))}
            />
          ))}
        </ul>
      )}
      {conflict.ways.some(isOfAll) && (
        <p className="mt-3 flex flex-wrap gap-2">{buttons(conflict.ways.filter(isOfAll))}</p>
      )}
      {what === "admitted_twice" && (
        <p className="mt-3 text-table">
          <TextLink href={`/patients/${String(records[0]?.fields.patient)}`}>
            {t("inbox.to_patient")}
          </TextLink>
          <span className="text-soft"> {t("inbox.to_patient.what")}</span>
        </p>
      )}
      {!conflict.may_resolve && <p className="mt-3 text-table text-soft">{t("inbox.not_yours")}</p>}
      {asking && (
        <WayDialog
          way={asking}
          record={records.find((record) => record.id === asking.record)}
          deed={deed}
          onClose={() => setAsking(null)}
        />
      )}
    </article>
  );
}
