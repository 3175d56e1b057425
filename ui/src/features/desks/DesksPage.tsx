/** The computers of the facility, or of all in reach, as the district tells of them: what each holds, and what is to become of it. */
import { MonitorDown } from "lucide-react";
import { useState } from "react";
import { useAsked } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Loaded, ProblemBanner } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Panel } from "../../components/Panel";
import { PasswordAnew } from "../../components/PasswordAnew";
import { TextField } from "../../components/TextField";
import { ROLES } from "../../generated/entities";
import type { DeskAct, DeskShown, DesksShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { useSession } from "../../session";
import { ActDialog } from "./ActDialog";
import { DeskDialog } from "./DeskDialog";
import { DeskTable } from "./DeskTable";
import { InviteDesk } from "./InviteDesk";
import { inTheirPlaces, isCalled } from "./standing";

/** What the district tells changes with the records of computers, and with time. */
const KINDS = ["desk"];
/** From so many on one searches among them. */
const MANY = 12;

/** The page. */
export function DesksPage() {
  const t = useText();
  const session = useSession().data;
  const [isInviting, setInviting] = useState(false);
  const isLocal = ROLES.find((role) => role.word === session?.who?.role)?.scope === "facility";
  if (session && session.server === null) {
    return (
      <>
        <PageHeader title={t("desks.title")} />
        <EmptyState title={t("desks.alone")}>{t("desks.alone.what")}</EmptyState>
      </>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <PageHeader
        title={t("desks.title")}
        detail={t("desks.what")}
        actions={
          <Button
            variant="primary"
            icon={<MonitorDown className="size-4" aria-hidden="true" />}
            onPress={() => setInviting(true)}
          >
            {t("desks.invite")}
          </Button>
        }
      />
      <Desks />
      {isInviting && (
        <InviteDesk own={session?.facility ?? null} mayChoose={!isLocal} onClose={() => setInviting(false)} />
      )}
    </div>
  );
}

/** What the district tells now, or told last. */
function Desks() {
  const t = useText();
  const heard = useAsked<DesksShown | null>("desks_heard", {}, { kinds: KINDS });
  const now = useAsked<DesksShown>("ask_desks", {}, { kinds: KINDS });
  const told = newest(now.data, heard.data ?? undefined);
  const again = () => void now.refetch();
  return (
    <>
      {now.error?.code === "session_ended" && (
        <div className="max-w-prose">
          <PasswordAnew what={t("desks.anew.what")} onConfirmed={again} />
        </div>
      )}
      {now.error?.code === "network_needed" && (
        <Banner
          tone="watch"
          title={t("desks.away")}
          action={
            <Button isPending={now.isFetching} onPress={again}>
              {t("ui.again")}
            </Button>
          }
        >
          {t(told ? "desks.away.what" : "desks.away.never")}
        </Banner>
      )}
      {now.error && !["session_ended", "network_needed"].includes(now.error.code) && (
        <ProblemBanner problem={now.error} action={<Button onPress={again}>{t("ui.again")}</Button>} />
      )}
      {told ? (
        <Told told={told} />
      ) : (
        !now.error && <Loaded view={now}>{(desks) => <Told told={desks} />}</Loaded>
      )}
    </>
  );
}

/** Whichever was told later: what was done since stands in what is kept. */
function newest(now: DesksShown | undefined, heard: DesksShown | undefined): DesksShown | undefined {
  return now && (!heard || now.heard >= heard.heard) ? now : heard;
}

function Told({ told }: { told: DesksShown }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const [words, setWords] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const [act, setAct] = useState<{ desk: DeskShown; act: DeskAct } | null>(null);
  const all = inTheirPlaces(told.desks);
  const shown = all.filter((desk) => isCalled(desk, words.trim()));
  const opened = all.find((desk) => desk.desk === open);
  const facilities = new Set(all.map((desk) => desk.facility));
  return (
    <Panel>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-6 gap-y-2">
        <p className="text-table text-soft">
          {t("desks.heard", { when: format.dateTime(told.heard), ago: format.ago(told.heard, now_ms) })}
        </p>
        {all.length > MANY && (
          <div className="w-64">
            <TextField id="desk-words" label={t("desks.find")} value={words} onChange={setWords} />
          </div>
        )}
      </div>
      <DeskTable desks={shown} hasFacilities={facilities.size > 1} onOpen={(desk) => setOpen(desk.desk)} />
      {told.left_out > 0 && (
        <p className="mt-3 text-table text-soft">{t("desks.left_out", { count: told.left_out })}</p>
      )}
      {opened && !act && (
        <DeskDialog
          desk={opened}
          onClose={() => setOpen(null)}
          onAct={(wanted) => setAct({ desk: opened, act: wanted })}
        />
      )}
      {act && <ActDialog desk={act.desk} act={act.act} onClose={() => setAct(null)} />}
    </Panel>
  );
}
