/** Asks before a computer is locked out, withdrawn or emptied: what happens there, what is lost, and for what destroys, its name typed. */
import { useCommand, whenDone } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { DistrictProblem } from "../../components/PasswordAnew";
import { sayDone } from "../../components/Toast";
import type { DeskAct, DeskShown, DesksShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { actKey } from "./DeskDialog";
import { toType } from "./standing";

/** The question, open as long as it is drawn. */
export function ActDialog({ desk, act, onClose }: { desk: DeskShown; act: DeskAct; onClose(): void }) {
  const t = useText();
  const ask = useCommand<{ other: string; act: DeskAct }, DesksShown>("act_on_desk");
  const name = desk.name || t("desks.unnamed");
  const key = actKey(desk, act);
  const send = () => {
    if (ask.isPending) return;
    whenDone(ask.mutateAsync({ other: desk.desk, act }), () => {
      sayDone(t(`${key}.done`, { name }));
      onClose();
    });
  };
  return (
    <ConfirmDialog
      title={t(`${key}.title`, { name })}
      isOpen
      danger={act !== "withdraw"}
      confirm={t(key)}
      isPending={ask.isPending}
      typed={act === "empty" ? toType(desk) : undefined}
      onClose={onClose}
      onConfirm={send}
    >
      {desk.is_here && <Banner tone="watch" title={t("desks.act.here")} />}
      <p>{t(`${key}.what`)}</p>
      {act === "empty" && <Lost desk={desk} />}
      {ask.error && <DistrictProblem problem={ask.error} onConfirmed={send} />}
    </ConfirmDialog>
  );
}

/** What goes with it, as far as anybody knows. */
function Lost({ desk }: { desk: DeskShown }) {
  const t = useText();
  const format = useFormat();
  const ago = format.ago(desk.contact, useNow());
  return (
    <Banner
      tone="problem"
      title={desk.unsent === null ? t("desks.lost.untold") : t("desks.lost", { count: desk.unsent, ago })}
    >
      {t("desks.lost.what")}
    </Banner>
  );
}
