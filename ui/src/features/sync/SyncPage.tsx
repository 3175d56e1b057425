/** Sync: is my work safe, is it there? */
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { problemFrom } from "../../backend";
import { useAsked, useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Loaded, ProblemBanner, useProblemWords } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { Panel } from "../../components/Panel";
import { TextLink } from "../../components/TextLink";
import type { SyncPage as SyncAnswer } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { useSession } from "../../session";
import { OTHER_CERTIFICATE, TrustServer } from "../../trust-server";
import { ArrivingProgress, isNewestLeft } from "./ArrivingProgress";
import { JoinAnew, UNKNOWN_THERE } from "./JoinAnew";
import { LoadStick } from "./LoadStick";
import { NEEDS_IDENTITY, NewIdentity } from "./NewIdentity";
import { ParkedList } from "./ParkedList";
import { SpacesTable } from "./SpacesTable";
import { SyncFigures } from "./SyncFigures";
import { lookOf } from "./syncLook";
import { UnsentCopy } from "./UnsentCopy";

/** The page. */
export function SyncPage() {
  const t = useText();
  const page = useAsked<SyncAnswer>("sync_page");
  const syncNow = useCommand<Record<string, never>, null>("sync_now");
  const isJoined = page.data && page.data.summary.state !== "stands_alone";
  const asksMore =
    page.data && (needsIdentity(page.data) || needsWords(page.data) || needsInvitation(page.data));
  return (
    <>
      <PageHeader
        title={t("layout.rail.sync")}
        detail={t("sync.detail")}
        actions={
          isJoined && (
            <Button
              variant={asksMore ? "secondary" : "primary"}
              size="large"
              icon={<RefreshCw className="size-4" aria-hidden="true" />}
              isPending={syncNow.isPending}
              onPress={() => syncNow.mutate({})}
            >
              {t("sync.now")}
            </Button>
          )
        }
      />
      {syncNow.error && <ProblemBanner problem={syncNow.error} />}
      <Loaded view={page}>{(content) => <Content page={content} />}</Loaded>
    </>
  );
}

/** Whether this computer has to become a new one. */
function needsIdentity({ summary }: SyncAnswer): boolean {
  return NEEDS_IDENTITY.has(summary.problem?.code ?? "");
}

/** Whether the district does not know this computer any more. */
function needsInvitation({ summary }: SyncAnswer): boolean {
  return summary.problem?.code === UNKNOWN_THERE;
}

/** Whether the server shows a certificate that this computer does not know. */
function needsWords({ summary }: SyncAnswer): boolean {
  return summary.problem?.code === OTHER_CERTIFICATE;
}

function Content({ page }: { page: SyncAnswer }) {
  const t = useText();
  // It was put back from a copy, and its district from a backup of before it joined.
  const [isUnknown, setUnknown] = useState(false);
  const { summary } = page;
  return (
    <div className="flex flex-col gap-4">
      <Summary page={page} />
      {summary.arriving && (
        <Panel title={t("sync.arriving")}>
          <ArrivingProgress arriving={summary.arriving} />
        </Panel>
      )}
      {summary.arriving && !isNewestLeft(summary.arriving) && <LoadStick />}
      {needsIdentity(page) && !isUnknown && <NewIdentity onUnknown={() => setUnknown(true)} />}
      {needsWords(page) && (
        <Panel title={t("trust.title")}>
          <TrustServer variant="primary" />
        </Panel>
      )}
      {(needsInvitation(page) || isUnknown) && <JoinAnew autoFocus={isUnknown} />}
      {(summary.state !== "stands_alone" || summary.conflicts > 0) && <SyncFigures summary={summary} />}
      {page.parked.length > 0 && <ParkedList parked={page.parked} />}
      {summary.state !== "stands_alone" && <SpacesTable spaces={page.spaces} />}
      {summary.state !== "stands_alone" && <UnsentCopy waiting={summary.waiting} />}
      <Panel title={t("sync.ends")}>
        <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 text-table">
          <dt className="text-soft">{t("sync.device")}</dt>
          <dd className="[overflow-wrap:anywhere]">{page.device}</dd>
          {page.server_words.length > 0 && (
            <>
              <dt className="text-soft">{t("sync.words")}</dt>
              <dd lang="en">{page.server_words.join(" · ")}</dd>
            </>
          )}
        </dl>
      </Panel>
    </div>
  );
}

const BANNER_TONE = { neutral: "info", info: "info", ok: "ok", watch: "watch", problem: "problem" } as const;

/** The state in one sentence, with what it means and what to do. */
function Summary({ page }: { page: SyncAnswer }) {
  const t = useText();
  const format = useFormat();
  const words = useProblemWords();
  const now_ms = useNow();
  const status = useSession().data;
  const { summary } = page;
  const look = lookOf(summary, status?.who?.read_only ?? false, now_ms);
  const problem = summary.problem && problemFrom(summary.problem);
  const since = summary.waiting_since === null ? "" : format.ago(summary.waiting_since, now_ms);
  if (look.key === "problem" && problem) {
    return (
      <Banner tone="problem" title={words.title(problem)}>
        {words.text(problem)}
      </Banner>
    );
  }
  const says = `sync.says.${look.key}`;
  const isNewest = look.key === "arriving" && summary.arriving !== null && isNewestLeft(summary.arriving);
  const isNever = summary.last_contact === null && t.has(`${says}.never`);
  return (
    <Banner
      tone={BANNER_TONE[look.tone]}
      title={t(isNewest ? `${says}.newest` : says, { count: look.count })}
      action={
        (look.key === "conflicts" || look.key === "aside") && (
          <TextLink href="/inbox">{t("sync.to_inbox")}</TextLink>
        )
      }
    >
      {t(`${says}.${isNever ? "never" : "what"}`, {
        since,
        time: format.dateTime(summary.last_contact),
        count: look.count,
      })}
    </Banner>
  );
}
