/** The desk cannot open: what happened, what is safe, what to do. */
import { useState } from "react";
import { problemFrom } from "../backend";
import { useCommand } from "../backend-context";
import { Button } from "../components/Button";
import { ConfirmDialog } from "../components/ConfirmDialog";
import { ProblemBanner, useProblemWords } from "../components/Loaded";
import { PageHeader } from "../components/PageHeader";
import { Panel } from "../components/Panel";
import { sayDone } from "../components/Toast";
import { NEEDS_SHEET, Recover } from "../features/signin/Recover";
import { NEEDS_IDENTITY, NewIdentity } from "../features/sync/NewIdentity";
import type { DeskStatus } from "../generated/wire";
import { useText } from "../i18n/useText";
import { useSession } from "../session";

/** What can only be gone on from by setting this computer up anew; the old files are kept. */
const BEYOND_REPAIR = new Set([
  "database_damaged",
  "database_missing",
  "database_wrong_key",
  "device_secret_missing",
  "device_secret_wrong",
  "desk_file_altered",
  "desk_file_damaged",
  "desk_withdrawn",
]);

/** The page in place of every other one. */
export function DeskProblemPage({ status }: { status: DeskStatus }) {
  const t = useText();
  const words = useProblemWords();
  const session = useSession();
  const [asks, setAsks] = useState(false);
  const setAside = useCommand<Record<string, never>, string[]>("set_aside");
  const problem = problemFrom(status.problem);
  const aside = () =>
    setAside.mutate(
      {},
      {
        onSettled: () => setAsks(false),
        onSuccess: (names) => sayDone(t("desk_problem.aside.done", { names: names.join(", ") })),
      },
    );
  const isBeyond = BEYOND_REPAIR.has(problem.code);
  return (
    <main className="mx-auto flex max-w-2xl flex-col gap-4 p-8">
      <PageHeader title={t("desk_problem.title")} detail={t("common.product")} />
      <ProblemBanner problem={problem} />
      <Panel title={t("desk_problem.next")}>
        <ol className="list-decimal space-y-1 pl-5">
          <li>{t("desk_problem.leave")}</li>
          <li>{t("desk_problem.tell", { code: problem.code, version: status.version })}</li>
          {isBeyond && <li>{t("desk_problem.aside.what")}</li>}
        </ol>
        <div className="mt-4 flex flex-wrap gap-2">
          <Button
            variant="primary"
            size="large"
            isPending={session.isFetching}
            onPress={() => session.refetch()}
          >
            {t("ui.again")}
          </Button>
          {isBeyond && (
            <Button size="large" onPress={() => setAsks(true)}>
              {t("desk_problem.aside")}
            </Button>
          )}
        </div>
      </Panel>
      {NEEDS_SHEET.has(problem.code) && status.recovery && <Recover sheet={status.recovery} />}
      {NEEDS_IDENTITY.has(problem.code) && <NewIdentity />}
      {setAside.error && <ProblemBanner problem={setAside.error} />}
      <ConfirmDialog
        title={t("desk_problem.aside")}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={aside}
        confirm={t("desk_problem.aside")}
        isPending={setAside.isPending}
        danger
      >
        <p className="font-medium">{words.title(problem)}</p>
        <p>{t("desk_problem.aside.ask")}</p>
      </ConfirmDialog>
    </main>
  );
}
