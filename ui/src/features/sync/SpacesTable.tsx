/** Each body of records this desk holds, against the district's: numbers first, a word after them. */
import { Panel } from "../../components/Panel";
import type { ShapeName } from "../../components/Shape";
import { Status } from "../../components/Status";
import { Table } from "../../components/Table";
import type { Tone } from "../../components/Tone";
import type { SpaceLine, SpaceState } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";

const LOOK: Record<SpaceState, { shape: ShapeName; tone: Tone }> = {
  equal: { shape: "tick", tone: "ok" },
  behind: { shape: "half", tone: "watch" },
  ahead: { shape: "diamond", tone: "info" },
  diverged: { shape: "triangle", tone: "problem" },
  unknown: { shape: "ring", tone: "neutral" },
};

/** The table. */
export function SpacesTable({ spaces }: { spaces: readonly SpaceLine[] }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const shortMoment = (at: number) =>
    format.date(at) === format.date(now_ms) ? format.time(at) : format.dateTime(at);
  return (
    <Panel>
      <Table
        caption={t("sync.spaces")}
        rows={spaces}
        rowId={(space) => space.space}
        columns={[
          {
            id: "space",
            label: t("sync.space"),
            cell: (space) => t(`sync.space.${space.space.startsWith("facility:") ? "facility" : "district"}`),
          },
          {
            id: "state",
            label: t("sync.state"),
            cell: (space) => (
              <Status {...LOOK[space.state]} isLong>
                {t(`sync.space.is_${space.state}`)}
              </Status>
            ),
          },
          {
            id: "received",
            label: t("sync.received"),
            numeric: true,
            cell: (space) =>
              t("sync.received.of", {
                cursor: format.number(space.cursor),
                head: format.number(Math.max(space.head, space.cursor)),
              }),
          },
          {
            id: "pending",
            label: t("sync.waiting"),
            numeric: true,
            cell: (space) => format.number(space.pending),
          },
          {
            id: "parked",
            label: t("sync.parked"),
            numeric: true,
            cell: (space) => format.number(space.parked),
          },
          {
            id: "heard",
            label: t("sync.heard"),
            cell: (space) => (
              <span className="whitespace-nowrap">
                {space.heard === null ? t("sync.contact.never") : shortMoment(space.heard)}
              </span>
            ),
          },
          {
            id: "digest",
            label: t("sync.digest"),
            cell: (space) => (
              <span className="font-mono" title={space.digest}>
                {space.digest.slice(0, 8)}
              </span>
            ),
          },
        ]}
      />
      <p className="pt-2 text-small text-faint">{t("sync.digest.what")}</p>
    </Panel>
  );
}
