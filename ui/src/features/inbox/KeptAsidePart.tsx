/** What the district keeps aside of this facility's computers: who wrote it, why it waits and what it says; taken in or dismissed. */
import { useId, useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { ReasonDialog } from "../../components/ReasonDialog";
import { Tag } from "../../components/Status";
import { sayDone } from "../../components/Toast";
import { fieldOf, useShown } from "../../entity/useShown";
import type { KeptAction, KeptAside, KeptChange, Verdict } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { Age } from "./Age";

interface Decide extends Record<string, unknown> {
  change: string;
  verdict: Verdict;
  why: string;
}

/** The part of the inbox. */
export function KeptAsidePart({ kept }: { kept: KeptAside }) {
  const t = useText();
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold">{t("inbox.aside", { count: kept.actions.length + kept.left_out })}</h2>
      <p className="max-w-[80ch] text-table text-soft">{t("inbox.aside.what")}</p>
      {kept.actions.map((action) => (
        <Action key={action.change} action={action} />
      ))}
      {kept.left_out > 0 && (
        <p className="text-table text-soft">{t("inbox.aside.more", { count: kept.left_out })}</p>
      )}
    </section>
  );
}

/** Whether it was decided here and the district has not answered yet. */
export function isUnderWay({ decided }: KeptAction): boolean {
  return decided !== null && decided.refused === null;
}

function Action({ action }: { action: KeptAction }) {
  const t = useText();
  const format = useFormat();
  const decide = useCommand<Decide, null>("decide_aside");
  const title = useId();
  const [asks, setAsks] = useState(false);
  const rest = action.count - action.says.length;
  // What came too late for somebody who was erased is not taken in as it is, and nobody is asked for words that could name them.
  const isErased = action.reason === "erased";
  const mayTakeIn = action.says.length > 0 && !isErased;
  const send = (verdict: Verdict, why: string) => {
    if (decide.isPending) return;
    whenDone(decide.mutateAsync({ change: action.change, verdict, why }), () => {
      setAsks(false);
      sayDone(t("inbox.aside.decided"));
    });
  };
  const ask = () => {
    if (decide.isPending) return;
    decide.reset();
    setAsks(true);
  };
  return (
    <article tabIndex={-1} aria-labelledby={title} className="panel px-4 py-3" data-aside={action.change}>
      <header className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 id={title} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="font-semibold">
            {t(action.by ? "inbox.aside.by" : "inbox.aside.unsigned", { by: action.by, count: action.count })}
          </span>
          <Tag shape="diamond" tone="problem">
            {t(`sync.reason.${action.reason}`)}
          </Tag>
        </h3>
        <Age since={action.since} escalation="first" />
      </header>
      <p className="text-table text-soft">
        {[
          action.written !== null && t("inbox.aside.written", { at: format.dateTime(action.written) }),
          action.desk && t("inbox.desk", { desk: action.desk }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <p className="max-w-[80ch] text-table text-soft">{t(`sync.reason.${action.reason}.what`)}</p>
      {action.says.length > 0 && (
        <ul className="my-2 grid grid-cols-[repeat(auto-fit,minmax(260px,1fr))] gap-3">
          {action.says.map((change) => (
            <Said key={`${change.kind} ${change.caption} ${JSON.stringify(change.fields)}`} change={change} />
          ))}
        </ul>
      )}
      {rest > 0 && (
        <p className="my-2 text-table">
          {t(action.says.length > 0 ? "inbox.aside.rest" : "inbox.aside.unread", { count: rest })}
        </p>
      )}
      <Answer action={action} />
      {decide.error && !asks && <ProblemBanner problem={decide.error} />}
      {!isUnderWay(action) && (
        <div className="mt-2 flex flex-wrap gap-2">
          {mayTakeIn && (
            <Button isPending={decide.isPending && !asks} onPress={() => send("take_in", "")}>
              {t("inbox.aside.take_in")}
            </Button>
          )}
          <Button variant={mayTakeIn ? "quiet" : "secondary"} onPress={ask}>
            {t("inbox.aside.dismiss")}
          </Button>
        </div>
      )}
      {asks && isErased && (
        <ConfirmDialog
          title={t("inbox.aside.dismiss.ask")}
          isOpen
          danger
          confirm={t("inbox.aside.dismiss.confirm")}
          isPending={decide.isPending}
          onClose={() => setAsks(false)}
          onConfirm={() => send("dismiss", t("sync.reason.erased"))}
        >
          <p>{t("inbox.aside.dismiss.erased")}</p>
          {decide.error && <ProblemBanner problem={decide.error} />}
        </ConfirmDialog>
      )}
      {asks && !isErased && (
        <ReasonDialog
          title={t("inbox.aside.dismiss.ask")}
          confirm={t("inbox.aside.dismiss.confirm")}
          reason={{
            id: "aside.why",
            label: t("inbox.aside.why"),
            missing: t("inbox.aside.why.missing"),
            maxLength: 500,
          }}
          problem={decide.error}
          isPending={decide.isPending}
          onClose={() => setAsks(false)}
          onConfirm={(why) => send("dismiss", why)}
        >
          <p>{t("inbox.aside.dismiss.what")}</p>
        </ReasonDialog>
      )}
    </article>
  );
}

/** One change, as it would stand. */
function Said({ change }: { change: KeptChange }) {
  const t = useText();
  const show = useShown();
  return (
    <li className="rounded-control border border-line bg-sunken px-3 py-2">
      <b className="font-semibold break-words">
        {t.has(`kind.${change.kind}`) ? t(`kind.${change.kind}`) : change.kind}
        {change.caption && `: ${change.caption}`}
      </b>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-4 text-table">
        {Object.entries(change.fields).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">
              {t.has(`field.${change.kind}.${name}`) ? t(`field.${change.kind}.${name}`) : name}
            </dt>
            <dd className="[overflow-wrap:anywhere] whitespace-pre-line">
              {show(fieldOf(change.kind, name), value, change.refers[name])}
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}

/** What was decided here, and why the district did not do so. */
function Answer({ action }: { action: KeptAction }) {
  const t = useText();
  const format = useFormat();
  if (action.decided === null) return null;
  const { verdict, by, at, refused } = action.decided;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-table">
      <Tag tone={refused ? "problem" : "info"} shape={refused ? "triangle" : "half"}>
        {t(refused ? "inbox.aside.refused" : `inbox.aside.under_way.${verdict}`)}
      </Tag>
      {refused
        ? t(`inbox.aside.refused.${refused}`)
        : t("inbox.aside.under_way", { by: by || t("common.not_recorded"), at: format.dateTime(at) })}
    </p>
  );
}
