/** What stands in place of figures while the records of a desk that has just joined are still coming: never zeros. */
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { PageHeader } from "../components/PageHeader";
import { Panel } from "../components/Panel";
import { TextLink } from "../components/TextLink";
import { ArrivingProgress, isNewestLeft, useProgressWords } from "../features/sync/ArrivingProgress";
import { LoadStick } from "../features/sync/LoadStick";
import type { Arriving, SyncState } from "../generated/wire";
import { useFormat, useText } from "../i18n/useText";

/** Pages that need no records of the ward. */
const WITHOUT_RECORDS = ["/sync", "/settings"];

/** The page that needs no more than who and what is here now. */
const OF_THE_PRESENT = "/beds";

/** Whether a page has to wait for records that are still coming. */
export function isAwaiting(pathname: string, arriving: Arriving): boolean {
  return isMadeOfRecords(pathname) && !(pathname === OF_THE_PRESENT && arriving.present_is_here);
}

/** Whether the page says itself how far the records have come. */
export function tellsItself(pathname: string): boolean {
  return pathname === "/sync";
}

/** Whether the page at an address is made of figures and lists, which a part of the records makes wrong. */
function isMadeOfRecords(pathname: string): boolean {
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
  const format = useFormat();
  const isNewest = isNewestLeft(arriving);
  const isReached = state !== "offline" && state !== "problem";
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <PageHeader title={t(isNewest ? "arriving.title.newest" : "arriving.title")} />
      <Panel>
        <div className="flex flex-col items-start gap-3">
          <ArrivingProgress arriving={arriving} />
          {arriving.present_is_here && <TextLink href={OF_THE_PRESENT}>{t("arriving.to_beds")}</TextLink>}
          <p>
            {isNewest
              ? t("arriving.what.newest", { time: format.dateTime(arriving.as_of) })
              : t("arriving.what")}
          </p>
          <p className="text-soft">{t(isReached ? "arriving.alone" : "arriving.not_reached")}</p>
          <Button size="large" onPress={onShow}>
            {t("arriving.show")}
          </Button>
        </div>
      </Panel>
      {!isNewest && <LoadStick />}
    </div>
  );
}

/** Above a page that shows what is here so far. */
export function ArrivingBanner({ arriving, pathname }: { arriving: Arriving; pathname: string }) {
  const t = useText();
  const format = useFormat();
  const words = useProgressWords(arriving);
  const isNewest = isNewestLeft(arriving);
  const isWhole = pathname === OF_THE_PRESENT && arriving.present_is_here;
  const means = isNewest ? "arriving.partly.newest" : isWhole ? "arriving.present" : "arriving.partly";
  return (
    <Banner tone="watch" title={`${t(isNewest ? "arriving.title.newest" : "arriving.title")}. ${words}`}>
      {t(means, { time: format.dateTime(arriving.as_of) })}
    </Banner>
  );
}
