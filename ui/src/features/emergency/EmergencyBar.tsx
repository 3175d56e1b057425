/** Stands on top of every page while emergency access goes on: why, how long still, how many records; and the end of it. */
import { useNavigate } from "@tanstack/react-router";
import { Siren } from "lucide-react";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import type { EmergencyShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";

const MINUTE_MS = 60_000;

/** The bar. */
export function EmergencyBar({ emergency }: { emergency: EmergencyShown }) {
  const t = useText();
  const format = useFormat();
  const navigate = useNavigate();
  const now_ms = useNow(5_000);
  const end = useCommand<Record<string, never>, null>("end_emergency");
  const minutes = Math.max(0, Math.ceil((emergency.until - now_ms) / MINUTE_MS));
  return (
    <section
      aria-label={t("emergency.title")}
      className="shrink-0 border-b-2 border-problem bg-problem-tint px-5 py-2"
      data-emergency
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <Siren className="size-5 shrink-0 text-problem" aria-hidden="true" />
        <div className="min-w-0 flex-1 basis-80">
          <p className="font-semibold text-problem" role="alert">
            {t("emergency.title")}
            {": "}
            <span className="[overflow-wrap:anywhere] text-ink">{emergency.reason}</span>
          </p>
          <p className="text-table text-ink">
            {t("emergency.ends", { minutes, at: format.time(emergency.until) })}
            {" · "}
            {t("emergency.opened", { count: emergency.opened, left: emergency.left })}
            {" · "}
            {t("emergency.read_only")}
          </p>
        </div>
        <div className="flex gap-2">
          <Button onPress={() => navigate({ to: "/patients" })}>{t("emergency.find")}</Button>
          <Button variant="danger" isPending={end.isPending} onPress={() => end.mutate({})}>
            {t("emergency.end")}
          </Button>
        </div>
      </div>
      {end.error && <ProblemBanner problem={end.error} />}
    </section>
  );
}
