/** Wards, their rooms and beds: add, change, retire. Nothing is deleted; the past of a bed stays. */
import { Plus } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../access";
import { Button } from "../../components/Button";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { Table } from "../../components/Table";
import { RecordDialog } from "../../entity/RecordDialog";
import { inOrder, type Plain, textOf, useRecords, wordOf } from "../../entity/records";
import type { Kind } from "../../generated/entities";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { WardContent } from "./WardContent";

/** What is being written. */
export interface Writing {
  kind: Kind;
  record: Plain | null;
  given?: Record<string, unknown>;
  as_of: number;
}

const FIELDS: Partial<Record<Kind, string[]>> = {
  ward: [
    "name",
    "ward_kind",
    "building",
    "floor",
    "staffed_beds",
    "phone",
    "order",
    "retired",
    "retired_on",
    "description",
  ],
  room: ["name", "room_type", "ward", "floor", "order", "description"],
  bed: ["label", "bed_type", "ward", "room", "order", "since", "retired", "retired_on", "description"],
};

/** The wards at the left, what is in the chosen one at the right. */
export function WardsPart() {
  const t = useText();
  const may = useMay();
  const facility = useSession().data?.facility;
  const wards = useRecords("ward");
  const [chosen, setChosen] = useState<string | null>(null);
  const [writing, setWriting] = useState<Writing | null>(null);
  return (
    <Loaded view={wards}>
      {({ as_of, data }) => {
        const ordered = inOrder(data, "name");
        const ward = ordered.find((each) => each.id === chosen) ?? ordered[0];
        return (
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(280px,2fr)_3fr]">
            <Panel
              title={t("kind.ward.plural")}
              aside={
                may("write", "ward") && (
                  <Button
                    icon={<Plus className="size-4" aria-hidden="true" />}
                    onPress={() => setWriting({ kind: "ward", record: null, given: { facility }, as_of })}
                  >
                    {t("settings.wards.add")}
                  </Button>
                )
              }
            >
              {ward === undefined ? (
                <EmptyState title={t("settings.wards.none")}>{t("settings.wards.none.what")}</EmptyState>
              ) : (
                <Table
                  caption={t("kind.ward.plural")}
                  captionIs="hidden"
                  rows={ordered}
                  rowId={(each) => each.id}
                  onOpen={(each) => setChosen(each.id)}
                  columns={[
                    { id: "name", label: t("field.ward.name"), cell: (each) => textOf(each, "name") },
                    {
                      id: "ward_kind",
                      label: t("field.ward.ward_kind"),
                      cell: (each) => wordOf(t, each, "ward_kind", "ward_kind"),
                    },
                    {
                      id: "staffed_beds",
                      label: t("field.ward.staffed_beds"),
                      numeric: true,
                      cell: (each) => textOf(each, "staffed_beds"),
                    },
                  ]}
                />
              )}
            </Panel>
            {ward && (
              <WardContent
                ward={ward}
                onEditWard={() => setWriting({ kind: "ward", record: ward, as_of })}
                onWrite={setWriting}
              />
            )}
            {writing && (
              <RecordDialog
                title={t(writing.record ? "settings.change" : "settings.new", {
                  kind: t(`kind.${writing.kind}`),
                })}
                kind={writing.kind}
                fields={FIELDS[writing.kind] ?? []}
                record={writing.record}
                given={writing.given}
                as_of={writing.as_of}
                onClose={() => setWriting(null)}
              />
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
