/** Changes the district keeps aside: why, and what a person decides. The past stays either way. */
import { useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { Tag } from "../../components/Status";
import { sayDone } from "../../components/Toast";
import type { DismissedShown, ParkedShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { plainText } from "./plainText";

/** The list. */
export function ParkedList({ parked }: { parked: readonly ParkedShown[] }) {
  const t = useText();
  return (
    <Panel title={t("sync.parked.title", { count: parked.length })}>
      <p className="mb-3 max-w-2xl text-table text-soft">{t("sync.parked.explain")}</p>
      <ul className="flex flex-col gap-3">
        {parked.map((change) => (
          <ParkedChange key={change.change} change={change} />
        ))}
      </ul>
    </Panel>
  );
}

function ParkedChange({ change }: { change: ParkedShown }) {
  const t = useText();
  const format = useFormat();
  const [asks, setAsks] = useState(false);
  const adopt = useCommand<{ change: string }, null>("adopt");
  const dismiss = useCommand<{ change: string }, null>("dismiss");
  const problem = adopt.error ?? dismiss.error;
  const kind = t(`kind.${change.kind}`);
  const drop = () => dismiss.mutate({ change: change.change }, { onSettled: () => setAsks(false) });
  return (
    <li className="rounded-panel border border-line p-3">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <h3 className="font-semibold">
          {kind}
          {change.caption && `: ${change.caption}`}
        </h3>
        <Tag shape="diamond" tone="problem">
          {t(`sync.reason.${change.reason}`)}
        </Tag>
        <span className="text-small text-faint">
          {t("sync.parked.by", { by: change.by, at: format.dateTime(change.at) })}
        </span>
      </div>
      <p className="pt-1 text-table text-soft">{t(`sync.reason.${change.reason}.what`)}</p>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 py-2 text-table">
        {Object.entries(change.fields).map(([field, value]) => (
          <div key={field} className="contents">
            <dt className="text-soft">{fieldLabel(t, change.kind, field)}</dt>
            <dd className="[overflow-wrap:anywhere]">{plainText(change.kind, field, value, t, format)}</dd>
          </div>
        ))}
      </dl>
      {change.dismissed && <Dismissal dismissed={change.dismissed} />}
      {problem && <ProblemBanner problem={problem} />}
      <div className="flex gap-2">
        {change.reason !== "erased" && (
          <Button
            isPending={adopt.isPending}
            onPress={() =>
              whenDone(adopt.mutateAsync({ change: change.change }), () => sayDone(t("sync.adopt.done")))
            }
          >
            {t("sync.adopt")}
          </Button>
        )}
        {change.may_dismiss && (
          <Button
            variant="quiet"
            isPending={dismiss.isPending && !asks}
            onPress={change.dismissed ? drop : () => setAsks(true)}
          >
            {t(change.dismissed ? "sync.dismissed.seen" : "sync.dismiss")}
          </Button>
        )}
      </div>
      <ConfirmDialog
        title={t("sync.dismiss.ask")}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={drop}
        confirm={t("sync.dismiss")}
        isPending={dismiss.isPending}
      >
        <p>{t("sync.dismiss.what")}</p>
      </ConfirmDialog>
    </li>
  );
}

/** Who dismissed it elsewhere, and why: its author is to know before it leaves the list. */
function Dismissal({ dismissed: { by, at, why } }: { dismissed: DismissedShown }) {
  const t = useText();
  const format = useFormat();
  return (
    <p className="mb-3 max-w-2xl rounded-control border border-line bg-sunken px-3 py-2 text-table">
      <b className="font-semibold">
        {t(by ? "sync.dismissed" : "sync.dismissed.district", { by, at: format.dateTime(at) })}
      </b>
      {why && <span className="block [overflow-wrap:anywhere]">{why}</span>}
    </p>
  );
}

function fieldLabel(t: ReturnType<typeof useText>, kind: string, field: string): string {
  const key = `field.${kind}.${field}`;
  return t.has(key) ? t(key) : field;
}
