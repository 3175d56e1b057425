/** Somebody changed a record that another took back: what each of them said, side by side. */
import type { ReactNode } from "react";
import { useAsked } from "../../backend-context";
import { fieldOf, useShown } from "../../entity/useShown";
import type {
  FieldConflictShown,
  HeadShown,
  HistoryLine,
  WardConflictShown,
  WayShown,
} from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { CARD, CARDS } from "./ConflictRecord";
import { InForce } from "./InForce";

interface EditProps {
  conflict: WardConflictShown;
  said: FieldConflictShown;
  buttons(ways: readonly WayShown[]): ReactNode;
}

/** Both sides, each with the button that lets it hold. */
export function EditAfterVoid({ conflict, said, buttons }: EditProps) {
  const history = useAsked<HistoryLine[]>("history", { kind: said.kind, id: said.record }).data ?? [];
  const t = useText();
  return (
    <>
      <p className="mb-2 font-semibold">
        {said.caption || t("common.not_recorded")}
        <span className="font-normal text-soft"> · {t(`kind.${said.kind}`)}</span>
      </p>
      <ul className={CARDS}>
        {said.heads.map((head) => {
          const holds = head.value === "yes" ? "keep_voided" : "keep_standing";
          return (
            <Side
              key={head.change}
              head={head}
              kind={said.kind}
              line={history.find((line) => line.change === head.change)}
              actions={buttons(conflict.ways.filter((way) => way.what === holds))}
            />
          );
        })}
      </ul>
    </>
  );
}

interface SideProps {
  head: HeadShown;
  kind: string;
  line: HistoryLine | undefined;
  actions: ReactNode;
}

function Side({ head, kind, line, actions }: SideProps) {
  const t = useText();
  const format = useFormat();
  const show = useShown();
  const isVoid = head.value === "yes";
  const written = Object.entries(line?.fields ?? {}).filter(([field]) => field !== "voided");
  return (
    <li className={CARD}>
      <div className="flex min-w-0 flex-col items-start gap-1">
        <span className="flex w-full items-start justify-between gap-2">
          <b className="font-semibold">{t(isVoid ? "inbox.side.voided" : "inbox.side.edited")}</b>
          {head.in_force && <InForce />}
        </span>
        <span className="text-table text-soft">
          {t("inbox.who", { by: head.by || t("common.not_recorded"), at: format.dateTime(head.at) })}
          {head.desk && ` · ${t("inbox.desk", { desk: head.desk })}`}
        </span>
      </div>
      {written.length === 0 ? (
        <div />
      ) : (
        <dl className="-mx-1 py-1 text-table">
          {written.map(([field, value]) => (
            <div key={field} className="flex justify-between gap-4 px-1">
              <dt>{t(`field.${kind}.${field}`)}</dt>
              <dd className="min-w-0 text-right font-semibold break-words">
                {show(fieldOf(kind, field), value)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <span className="flex flex-wrap content-start items-start gap-2 pt-1">{actions}</span>
    </li>
  );
}
