/** What stands in place of figures while the records of a desk that has just joined are still coming: never zeros. */
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { PageHeader } from "../components/PageHeader";
import { Panel } from "../components/Panel";
import type { Arriving, SyncState } from "../generated/wire";
import { useFormat, useText } from "../i18n/useText";

/** Pages that need no records of the ward. */
const WITHOUT_RECORDS = ["/sync", "/settings"];

/** Whether the page at an address is made of figures and lists, which a part of the records makes wrong. */
export function isMadeOfRecords(pathname: string): boolean {
  return !WITHOUT_RECORDS.includes(pathname) && !pathname.startsWith("/patients/");
}

/** In place of a page; `onShow` shows it all the same. */
export function ArrivingPage({
  arriving,
  state,
  onShow,
}: {
  arriving: Arriving;
  state: SyncState;
  onShow(): void;
}) {
  const t = useText();
  const isReached = state !== "offline" && state !== "problem";
  return (
    <div className="max-w-2xl">
      <PageHeader title={t("arriving.title")} />
      <Panel>
        <div className="flex flex-col items-start gap-3">
          <Progress arriving={arriving} />
          <p>{t("arriving.what")}</p>
          <p className="text-soft">{t(isReached ? "arriving.alone" : "arriving.not_reached")}</p>
          <Button size="large" onPress={onShow}>
            {t("arriving.show")}
          </Button>
        </div>
      </Panel>
    </div>
  );
}

/** Above a page that shows what is here so far. */
export function ArrivingBanner({ arriving }: { arriving: Arriving }) {
  const t = useText();
  const words = useProgressWords(arriving);
  return (
    <Banner tone="watch" title={`${t("arriving.title")} ${words}`}>
      {t("arriving.partly")}
    </Banner>
  );
}

function Progress({ arriving }: { arriving: Arriving }) {
  const t = useText();
  const words = useProgressWords(arriving);
  const { have, of } = arriving;
  const percent = of ? Math.min(100, Math.floor((have / of) * 100)) : 0;
  return (
    <div className="flex w-full flex-col gap-1">
      <p className="font-medium" role="status">
        {words}
      </p>
      {of !== null && of > 0 && (
        <div
          role="progressbar"
          aria-label={t("arriving.title")}
          aria-valuenow={percent}
          aria-valuetext={words}
          className="h-2 overflow-hidden rounded-full border border-edge bg-sunken"
        >
          <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
        </div>
      )}
    </div>
  );
}

function useProgressWords({ have, of }: Arriving): string {
  const t = useText();
  const format = useFormat();
  if (of === null) return t("arriving.unknown");
  return t("arriving.progress", { have: format.number(have), of: format.number(of) });
}
