/** One field that two people changed: the values side by side; keep one, or write a third. */
import { clsx } from "clsx";
import { useId, useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Tag } from "../../components/Status";
import { sayDone } from "../../components/Toast";
import { fieldOf, useShown } from "../../entity/useShown";
import type { FieldConflictShown, HeadShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { Age } from "./Age";
import { type Resolve, resolveOf } from "./deciding";
import { InForce } from "./InForce";
import { ThirdValue } from "./ThirdValue";

/** The conflict. */
export function FieldConflict({ conflict, as_of }: { conflict: FieldConflictShown; as_of: number }) {
  const t = useText();
  const title = useId();
  const resolve = useCommand<Resolve, unknown>("resolve");
  const [writing, setWriting] = useState<"not yet" | "now" | "given up">("not yet");
  /** The head that is being kept; null while another value is being written. */
  const [keeping, setKeeping] = useState<string | null>(null);
  const field = fieldOf(conflict.kind, conflict.field);
  const decide = (value: unknown, head: string | null) => {
    if (resolve.isPending) return;
    setKeeping(head);
    whenDone(resolve.mutateAsync(resolveOf(conflict, value, as_of)), () => sayDone(t("inbox.decided")));
  };
  return (
    <article
      tabIndex={-1}
      aria-labelledby={title}
      className="panel px-4 py-3"
      data-conflict={`${conflict.kind}.${conflict.field}`}
    >
      <header className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 id={title} className="font-semibold">
          {conflict.caption || t("common.not_recorded")}
          <span className="font-normal text-soft">
            {" · "}
            {t(`kind.${conflict.kind}`)}
            {" · "}
          </span>
          {t(`field.${conflict.kind}.${conflict.field}`)}
        </h3>
        <Age since={conflict.since} escalation={conflict.escalation} />
      </header>
      {conflict.blocks && (
        <p className="mb-2 flex flex-wrap items-baseline gap-x-2 gap-y-1 text-table">
          <Tag tone="problem" shape="triangle">
            {t("inbox.blocks")}
          </Tag>
          {t("inbox.blocks.what")}
        </p>
      )}
      {resolve.error && <ProblemBanner problem={resolve.error} />}
      <ul className="grid grid-cols-[repeat(auto-fit,minmax(260px,1fr))] gap-3">
        {conflict.heads.map((head) => (
          <Head
            key={head.change}
            head={head}
            conflict={conflict}
            isPending={resolve.isPending && keeping === head.change}
            onKeep={() => decide(head.value, head.change)}
          />
        ))}
      </ul>
      {conflict.may_resolve ? (
        <div className={clsx("mt-3", writing !== "now" && "-ml-3")}>
          {writing === "now" && field ? (
            <ThirdValue
              kind={conflict.kind}
              field={field}
              isPending={resolve.isPending && keeping === null}
              onSave={(value) => decide(value, null)}
              onClose={() => setWriting("given up")}
            />
          ) : (
            <Button variant="quiet" autoFocus={writing === "given up"} onPress={() => setWriting("now")}>
              {t("inbox.third")}
            </Button>
          )}
        </div>
      ) : (
        <p className="mt-3 text-table text-soft">{t("inbox.not_yours")}</p>
      )}
    </article>
  );
}

interface HeadProps {
  head: HeadShown;
  conflict: FieldConflictShown;
  isPending: boolean;
  onKeep(): void;
}

function Head({ head, conflict, isPending, onKeep }: HeadProps) {
  const t = useText();
  const format = useFormat();
  const show = useShown();
  const words = show(fieldOf(conflict.kind, conflict.field), head.value, head.value_caption);
  return (
    <li className="flex flex-col gap-1 rounded-control border border-line bg-sunken px-3 py-2">
      <span className="flex items-start justify-between gap-2">
        <b className="min-w-0 text-[16px] leading-6 font-semibold break-words whitespace-pre-line">{words}</b>
        {head.in_force && !conflict.blocks && <InForce />}
      </span>
      <span className="text-table text-soft">
        {t("inbox.who", { by: head.by || t("common.not_recorded"), at: format.dateTime(head.at) })}
      </span>
      {head.desk && <span className="text-small text-faint">{t("inbox.desk", { desk: head.desk })}</span>}
      {conflict.may_resolve && (
        <span className="mt-1">
          <Button onPress={onKeep} isPending={isPending} aria-label={t("inbox.keep.value", { value: words })}>
            {t("inbox.keep")}
          </Button>
        </span>
      )}
    </li>
  );
}
