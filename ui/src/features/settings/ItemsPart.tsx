/** Items of the district's catalogue and how little of each is too little here. */
import { useState } from "react";
import { useMay } from "../../access";
import { Loaded } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { Table } from "../../components/Table";
import { RecordDialog } from "../../entity/RecordDialog";
import { inOrder, type Plain, textOf, useRecords, wordOf } from "../../entity/records";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";

/** The list; a row opens the facility's own minimum. */
export function ItemsPart() {
  const t = useText();
  const may = useMay();
  const facility = useSession().data?.facility;
  const items = useRecords("item");
  const levels = useRecords("minimum_level");
  const [open, setOpen] = useState<Plain | null>(null);
  const levelOf = (item: Plain) => levels.data?.data.find((level) => level.item === item.id) ?? null;
  const unit = (item: Plain) => wordOf(t, item, "unit", "unit") ?? "";
  const amount = (item: Plain, value: unknown) =>
    typeof value === "string" ? `${withoutNoughts(value)} ${unit(item)}` : null;
  return (
    <Panel>
      <p className="mb-3 max-w-prose text-table text-soft">{t("settings.items.what")}</p>
      <Loaded view={items}>
        {({ data }) => (
          <Table
            caption={t("settings.items")}
            captionIs="hidden"
            rows={inOrder(
              data.filter((item) => item.retired !== "yes"),
              "name",
            )}
            rowId={(item) => item.id}
            onOpen={may("write", "minimum_level") && levels.data ? (item) => setOpen(item) : undefined}
            empty={t("settings.items.none")}
            columns={[
              { id: "name", label: t("field.item.name"), cell: (item) => textOf(item, "name") },
              { id: "unit", label: t("field.item.unit"), cell: unit },
              {
                id: "catalogue",
                label: t("settings.items.catalogue"),
                numeric: true,
                cell: (item) => amount(item, item.minimum),
              },
              {
                id: "own",
                label: t("settings.items.own"),
                numeric: true,
                cell: (item) => amount(item, levelOf(item)?.minimum),
                missing: t("settings.items.as_catalogue"),
              },
            ]}
          />
        )}
      </Loaded>
      {open && levels.data && (
        <RecordDialog
          title={t("settings.items.minimum_of", { item: textOf(open, "name"), unit: unit(open) })}
          kind="minimum_level"
          fields={["minimum"]}
          record={levelOf(open)}
          given={{ item: open.id, facility }}
          as_of={levels.data.as_of}
          onClose={() => setOpen(null)}
        />
      )}
    </Panel>
  );
}

/** `24.000` as people write it. */
function withoutNoughts(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}
