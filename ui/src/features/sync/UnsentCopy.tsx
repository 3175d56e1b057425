/** Carrying what cannot be sent to another computer: a sealed copy is written here, and taken in there. */
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { TextField } from "../../components/TextField";
import { sayDone } from "../../components/Toast";
import type { UnsentCopy as Written } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The panel; without something unsent only taking in is offered. */
export function UnsentCopy({ waiting }: { waiting: number }) {
  const t = useText();
  const write = useCommand<Record<string, never>, Written>("copy_unsent");
  const takeIn = useCommand<{ path: string; code: string }, number>("take_in_unsent");
  const [path, setPath] = useState("");
  const [code, setCode] = useState("");
  const [tried, setTried] = useState(false);
  const missing = (typed: string, field: string) =>
    tried && typed.trim() === "" ? t(`sync.copy.${field}.missing`) : undefined;
  const send = () => {
    setTried(true);
    if (takeIn.isPending || path.trim() === "" || code.trim() === "") return;
    takeIn.mutate(
      { path: path.trim(), code },
      {
        onSuccess: (count) => {
          setTried(false);
          setPath("");
          setCode("");
          sayDone(t("sync.copy.taken_in", { count }));
        },
      },
    );
  };
  const problem = write.error ?? takeIn.error;
  return (
    <Panel title={t("sync.copy.title")}>
      <div className="flex max-w-2xl flex-col gap-3">
        <p className="text-table text-soft">{t("sync.copy.what")}</p>
        {problem && <ProblemBanner problem={problem} />}
        {write.data && (
          <Banner
            tone="watch"
            title={t("sync.copy.written", { name: write.data.name, count: write.data.changes })}
          >
            {t("sync.copy.code")}
            <code className="block pt-1 font-mono text-title select-all">{write.data.code}</code>
          </Banner>
        )}
        {waiting > 0 && (
          <div>
            <Button isPending={write.isPending} onPress={() => write.mutate({})}>
              {t("sync.copy.write")}
            </Button>
          </div>
        )}
        <div className="grid grid-cols-[2fr_1fr] items-start gap-3">
          <TextField
            id="copy-path"
            label={t("sync.copy.path")}
            value={path}
            onChange={setPath}
            onEnter={send}
            error={missing(path, "path")}
          />
          <TextField
            id="copy-code"
            label={t("sync.copy.its_code")}
            value={code}
            onChange={setCode}
            onEnter={send}
            error={missing(code, "its_code")}
          />
        </div>
        <div>
          <Button isPending={takeIn.isPending} onPress={send}>
            {t("sync.copy.take_in")}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
