/** The counts behind the words; each is counted in the database. */
import { Tile } from "../../components/Tile";
import type { SyncStatus } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { lateTone } from "./syncLook";

/** Four figures in a row. */
export function SyncFigures({ summary }: { summary: SyncStatus }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const isAlone = summary.state === "stands_alone";
  const since = summary.waiting_since;
  const heard = summary.last_contact;
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(200px,1fr))] gap-3">
      {!isAlone && (
        <Tile
          label={t("sync.waiting")}
          value={format.number(summary.waiting)}
          tone={summary.waiting > 0 ? lateTone(summary, now_ms) : "neutral"}
          asOf={
            since === null
              ? t("sync.waiting.none")
              : t("sync.waiting.since", { ago: format.ago(since, now_ms) })
          }
        />
      )}
      {!isAlone && (
        <Tile
          label={t("sync.parked")}
          value={format.number(summary.parked)}
          tone={summary.parked > 0 ? "problem" : "neutral"}
          asOf={t("sync.parked.what")}
        />
      )}
      <Tile
        label={t("sync.conflicts")}
        value={format.number(summary.conflicts)}
        tone={summary.conflicts > 0 ? "watch" : "neutral"}
        asOf={t("sync.conflicts.what")}
        href="/inbox"
      />
      {!isAlone && (
        <Tile
          label={t("sync.contact")}
          value={heard === null ? t("sync.contact.never") : format.time(heard)}
          stale={heard === null}
          asOf={heard === null ? t("sync.contact.since_start") : format.ago(heard, now_ms)}
        />
      )}
    </div>
  );
}
