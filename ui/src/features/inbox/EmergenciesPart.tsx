/** Emergency access that no admin has looked into: who, when, where, why, and whose records were opened. */
import { useId } from "react";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Tag } from "../../components/Status";
import { TextLink } from "../../components/TextLink";
import { sayDone } from "../../components/Toast";
import type { EmergencyToReview } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { Age } from "./Age";

/** The part of the inbox. */
export function EmergenciesPart({ emergencies }: { emergencies: readonly EmergencyToReview[] }) {
  const t = useText();
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-semibold">{t("inbox.emergencies", { count: emergencies.length })}</h2>
      <p className="max-w-[80ch] text-table text-soft">{t("inbox.emergencies.what")}</p>
      {emergencies.map((emergency) => (
        <Emergency key={emergency.id} emergency={emergency} />
      ))}
    </section>
  );
}

function Emergency({ emergency }: { emergency: EmergencyToReview }) {
  const t = useText();
  const format = useFormat();
  const title = useId();
  const review = useCommand<{ begun: string }, null>("review_emergency");
  const { at, who_name, desk_name, reason, opened, named, is_own } = emergency;
  const send = () =>
    review.mutate({ begun: emergency.id }, { onSuccess: () => sayDone(t("inbox.emergencies.reviewed")) });
  return (
    <article
      tabIndex={-1}
      aria-labelledby={title}
      className="panel px-4 py-3"
      data-emergency-of={emergency.id}
    >
      <header className="mb-1 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 id={title} className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-1">
          <span className="font-semibold [overflow-wrap:anywhere]">{who_name || t("audit.not_here")}</span>
          <Tag shape="triangle" tone="problem">
            {t("emergency.title")}
          </Tag>
        </h3>
        <Age since={at} escalation="first" />
      </header>
      <p className="text-table text-soft">
        {[format.dateTime(at), desk_name && t("inbox.desk", { desk: desk_name })].filter(Boolean).join(" · ")}
      </p>
      <p className="my-1 max-w-[80ch] [overflow-wrap:anywhere]">“{reason}”</p>
      {opened.length === 0 ? (
        <p className="text-table text-soft">{t("inbox.emergencies.none_opened")}</p>
      ) : (
        <div className="text-table">
          <p className="text-soft">{t("inbox.emergencies.opened", { count: opened.length })}</p>
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {opened.map(({ patient, name }) => (
              <li key={patient} className="[overflow-wrap:anywhere]">
                {name ? <TextLink href={`/patients/${patient}`}>{name}</TextLink> : t("audit.not_here")}
              </li>
            ))}
          </ul>
        </div>
      )}
      {named > 0 && <p className="text-table text-soft">{t("inbox.emergencies.named", { count: named })}</p>}
      {review.error && <ProblemBanner problem={review.error} />}
      <div className="mt-2">
        {is_own ? (
          <p className="text-table text-soft">{t("inbox.emergencies.own")}</p>
        ) : (
          <Button isPending={review.isPending} onPress={send}>
            {t("inbox.emergencies.review")}
          </Button>
        )}
      </div>
    </article>
  );
}
