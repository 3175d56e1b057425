/** Begins emergency access: what it gives and who is told, and the reason, which is required. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { ReasonDialog } from "../../components/ReasonDialog";
import { useText } from "../../i18n/useText";

const LONGEST_REASON = 200;

/** The button with its question; it leads to the search. */
export function BeginEmergency() {
  const t = useText();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const begin = useCommand<{ reason: string }, null>("begin_emergency");
  const ask = () => {
    begin.reset();
    setAsking(true);
  };
  const send = (reason: string) =>
    begin.mutate(
      { reason },
      {
        onSuccess: () => {
          setAsking(false);
          navigate({ to: "/patients" });
        },
      },
    );
  return (
    <>
      <Button variant="danger" onPress={ask}>
        {t("emergency.begin")}
      </Button>
      {isAsking && (
        <ReasonDialog
          title={t("emergency.title")}
          confirm={t("emergency.confirm")}
          reason={{
            id: "emergency-reason",
            label: t("emergency.reason"),
            missing: t("emergency.reason.missing"),
            maxLength: LONGEST_REASON,
          }}
          problem={begin.error}
          isPending={begin.isPending}
          onClose={() => setAsking(false)}
          onConfirm={send}
        >
          <p>{t("emergency.what")}</p>
          <p className="text-table text-soft">{t("emergency.told")}</p>
        </ReasonDialog>
      )}
    </>
  );
}
