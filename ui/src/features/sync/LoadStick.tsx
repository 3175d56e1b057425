/** Loading records from a stick, for a computer whose link would take long to bring them. */
import { useState } from "react";
import { useCommand, whenDone } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import type { LoadedStick } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The panel, as long as records are still to come. */
export function LoadStick() {
  const t = useText();
  const load = useCommand<{ folder: string }, LoadedStick>("load_stick");
  const [folder, setFolder] = useState("");
  const [tried, setTried] = useState(false);
  const isMissing = folder.trim() === "";
  const send = () => {
    setTried(true);
    if (load.isPending || isMissing) return;
    whenDone(load.mutateAsync({ folder: folder.trim() }), ({ records }) =>
      sayDone(t("sync.stick.loaded", { count: records })),
    );
  };
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
        <TextField
          id="stick-folder"
          label={t("sync.stick.folder")}
          value={folder}
          onChange={setFolder}
          onEnter={send}
          error={tried && isMissing ? t("sync.stick.folder.missing") : undefined}
        />
        <div>
          <Button isPending={load.isPending} onPress={send}>
            {t("sync.stick.load")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
