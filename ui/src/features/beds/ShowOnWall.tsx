/** Leaves the computer as a board of beds without names, after saying what that means. */
import { useNavigate } from "@tanstack/react-router";
import { Monitor } from "lucide-react";
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { ProblemBanner } from "../../components/Loaded";
import { useText } from "../../i18n/useText";

/** The button with its question. */
export function ShowOnWall() {
  const t = useText();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const show = useCommand<Record<string, never>, null>("show_on_the_wall");
  return (
    <>
      <Button icon={<Monitor className="size-4" />} onPress={() => setAsking(true)}>
        {t("beds.wall.show")}
      </Button>
      <ConfirmDialog
        title={t("beds.wall.show")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        confirm={t("beds.wall.show.do")}
        isPending={show.isPending}
        onConfirm={() => show.mutate({}, { onSuccess: () => navigate({ to: "/wall" }) })}
      >
        {show.error && <ProblemBanner problem={show.error} />}
        <p>{t("beds.wall.means")}</p>
        <p className="text-table text-soft">{t("beds.wall.open")}</p>
      </ConfirmDialog>
    </>
  );
}
