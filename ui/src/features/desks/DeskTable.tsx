/** The computers, one a line: where each stands, when it was heard last, what it runs and what it has not sent. */
import { Table } from "../../components/Table";
import type { DeskShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { StandingSign } from "./StandingSign";
import { behindOf, isEmptied } from "./standing";

/** The table; a line opens. The facility stands in it where there are several. */
export function DeskTable(props: {
  desks: readonly DeskShown[];
  hasFacilities: boolean;
  onOpen(desk: DeskShown): void;
}) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const facility = {
    id: "facility",
    label: t("kind.facility"),
    cell: (desk: DeskShown) => desk.facility_name,
  };
  return (
    <Table
      caption={t("desks.title")}
      captionIs="hidden"
      rows={props.desks}
      rowId={(desk) => desk.desk}
      onOpen={props.onOpen}
      empty={t("desks.none_such")}
      columns={[
        {
          id: "name",
          label: t("desks.name"),
          cell: (desk) => <span className="[overflow-wrap:anywhere]">{desk.name || t("desks.unnamed")}</span>,
        },
        ...(props.hasFacilities ? [facility] : []),
        {
          id: "state",
          label: t("desks.state"),
          cell: (desk) => (
            <>
              <StandingSign desk={desk} />
              {desk.is_here && <span className="block text-small text-faint">{t("desks.here")}</span>}
            </>
          ),
        },
        {
          id: "contact",
          label: t("desks.contact"),
          cell: (desk) => (
            <>
              <span className="whitespace-nowrap">{format.ago(desk.contact, now_ms)}</span>
              <span className="block text-small whitespace-nowrap text-faint">
                {format.dateTime(desk.contact)}
              </span>
            </>
          ),
        },
        {
          id: "version",
          label: t("desks.version"),
          cell: (desk) => desk.version,
          missing: t("desks.untold"),
        },
        {
          id: "unsent",
          label: t("desks.unsent"),
          numeric: true,
          cell: (desk) => (desk.unsent === null ? null : format.number(desk.unsent)),
          missing: t("desks.untold"),
        },
        {
          id: "holds",
          label: t("desks.holds"),
          cell: (desk) => {
            if (isEmptied(desk)) return t("desks.holds.nothing");
            const behind = behindOf(desk);
            if (behind === null) return null;
            return behind === 0 ? t("desks.holds.all") : t("desks.holds.behind", { count: behind });
          },
          missing: t("desks.untold"),
        },
      ]}
    />
  );
}
