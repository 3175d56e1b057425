/** Loading records from a stick, for a computer whose link would take long to bring them. */
import { Usb } from "lucide-react";
import { useState } from "react";
import { useAsked, useCommand, whenDone } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import type { FoundStick, LoadedStick } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** The panel, as long as records are still to come. */
export function LoadStick() {
  const t = useText();
  const load = useCommand<{ folder: string }, LoadedStick>("load_stick");
  const [folder, setFolder] = useState("");
  const [tried, setTried] = useState(false);
  const isMissing = folder.trim() === "";
  const take = (from: string) => {
    if (load.isPending) return;
    whenDone(load.mutateAsync({ folder: from }), ({ records }) =>
      sayDone(t("sync.stick.loaded", { count: records })),
    );
  };
  const send = () => {
    setTried(true);
    if (!isMissing) take(folder.trim());
  };
  const takes = load.isPending ? load.variables.folder : undefined;
  return (
    <Panel title={t("sync.stick.title")}>
      <div className="flex max-w-2xl flex-col gap-3">
        <p className="text-table text-soft">{t("sync.stick.what")}</p>
        {load.error && <ProblemBanner problem={load.error} />}
        {load.data && load.data.damaged > 0 && (
          <Banner tone="watch" title={t("sync.stick.damaged", { count: load.data.damaged })}>
            {t("sync.stick.damaged.what")}
          </Banner>
        )}
        <PluggedIn takes={takes} onTake={take} />
        <TextField
          id="stick-folder"
          label={t("sync.stick.folder")}
          value={folder}
          onChange={setFolder}
          onEnter={send}
          error={tried && isMissing ? t("sync.stick.folder.missing") : undefined}
        />
        <div>
          <Button isPending={takes !== undefined && takes === folder.trim()} onPress={send}>
            {t("sync.stick.load_folder")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

/** The sticks with records of this facility that are plugged in now. */
function PluggedIn({ takes, onTake }: { takes: string | undefined; onTake(folder: string): void }) {
  const t = useText();
  const format = useFormat();
  const found = useAsked<FoundStick[]>("find_sticks");
  const sticks = found.data ?? [];
  return (
    <section aria-label={t("sync.stick.found")} className="flex flex-col gap-2">
      {found.error && <ProblemBanner problem={found.error} />}
      {sticks.length > 0 && (
        <ul className="flex flex-col gap-2">
          {sticks.map(({ folder, made_ms, records }) => (
            <li
              key={folder}
              className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-panel border border-line px-3 py-2"
            >
              <Usb className="size-5 shrink-0 text-soft" aria-hidden="true" />
              <div className="min-w-48 grow basis-0">
                <p>{t("sync.stick.of", { count: records, made: format.dateTime(made_ms) })}</p>
                <p className="text-small text-faint [overflow-wrap:anywhere]">{folder}</p>
              </div>
              <Button isPending={takes === folder} onPress={() => onTake(folder)}>
                {t("sync.stick.load")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3">
        {found.data && sticks.length === 0 && <p className="text-table">{t("sync.stick.none")}</p>}
        <Button isPending={found.isFetching} onPress={() => found.refetch()}>
          {t("sync.stick.look")}
        </Button>
      </div>
    </section>
  );
}
