/** A copy of the records, and what to tell the person who looks after the computers. */
import { Copy, Save } from "lucide-react";
import { useAsked, useCommand } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { ProblemBanner } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { sayDone } from "../../components/Toast";
import type { SyncPage } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { diagnosticsOf } from "./diagnostics";

/** Backup above, diagnostics below. */
export function BackupPart() {
  const t = useText();
  const backup = useCommand<Record<string, never>, string>("backup");
  const status = useSession().data;
  const sync = useAsked<SyncPage>("sync_page").data;
  const facts = status ? diagnosticsOf(status, sync ?? null, navigator.userAgent) : "";
  const copy = () =>
    navigator.clipboard.writeText(facts).then(
      () => sayDone(t("settings.diagnostics.copied")),
      () => undefined,
    );
  return (
    <div className="flex flex-col gap-4">
      <Panel title={t("settings.backup.title")}>
        <p className="mb-3 max-w-prose text-table text-soft">{t("settings.backup.what")}</p>
        <Button
          icon={<Save className="size-4" aria-hidden="true" />}
          isPending={backup.isPending}
          onPress={() => backup.mutate({})}
        >
          {t("settings.backup.do")}
        </Button>
        <div className="pt-3">
          {backup.error && <ProblemBanner problem={backup.error} />}
          {backup.data && (
            <Banner tone="ok" title={t("settings.backup.done", { file: backup.data })}>
              {t("settings.backup.done.what")}
            </Banner>
          )}
        </div>
      </Panel>
      <Panel title={t("settings.diagnostics")}>
        <p className="mb-3 max-w-prose text-table text-soft">{t("settings.diagnostics.what")}</p>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must take the arrows.
          tabIndex={0}
          className="max-h-72 overflow-auto rounded-control border border-line bg-sunken p-3 text-small"
        >
          {facts}
        </pre>
        <div className="pt-3">
          <Button icon={<Copy className="size-4" aria-hidden="true" />} onPress={copy}>
            {t("settings.diagnostics.copy")}
          </Button>
        </div>
      </Panel>
    </div>
  );
}
