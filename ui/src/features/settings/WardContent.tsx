/** The beds and rooms of one ward. */
import { Pencil, Plus } from "lucide-react";
import { useMay } from "../../access";
import { Button } from "../../components/Button";
import { Loaded } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { Status } from "../../components/Status";
import { Table } from "../../components/Table";
import { inOrder, type Plain, textOf, useRecords, wordOf } from "../../entity/records";
import { useText } from "../../i18n/useText";
import { useSession } from "../../session";
import type { Writing } from "./WardsPart";

export interface WardContentProps {
  ward: Plain;
  onEditWard(): void;
  onWrite(writing: Writing): void;
}

/** The panel at the right. */
export function WardContent({ ward, onEditWard, onWrite }: WardContentProps) {
  const t = useText();
  const may = useMay();
  const facility = useSession().data?.facility;
  const beds = useRecords("bed");
  const rooms = useRecords("room");
  const roomName = (id: unknown) => {
    const room = rooms.data?.data.find((each) => each.id === id);
    return room && textOf(room, "name");
  };
  const plus = <Plus className="size-4" aria-hidden="true" />;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Panel
        title={textOf(ward, "name")}
        aside={
          may("write", "ward") && (
            <Button
              variant="quiet"
              icon={<Pencil className="size-4" aria-hidden="true" />}
              onPress={onEditWard}
            >
              {t("settings.wards.edit")}
            </Button>
          )
        }
      >
        <Loaded view={beds}>
          {({ as_of, data }) => (
            <>
              <Table
                caption={t("kind.bed.plural")}
                rows={inOrder(
                  data.filter((bed) => bed.ward === ward.id),
                  "label",
                )}
                rowId={(bed) => bed.id}
                onOpen={
                  may("write", "bed") ? (bed) => onWrite({ kind: "bed", record: bed, as_of }) : undefined
                }
                empty={t("settings.beds.none")}
                columns={[
                  { id: "label", label: t("field.bed.label"), cell: (bed) => textOf(bed, "label") },
                  {
                    id: "bed_type",
                    label: t("field.bed.bed_type"),
                    cell: (bed) => wordOf(t, bed, "bed_type", "bed_type"),
                  },
                  { id: "room", label: t("field.bed.room"), cell: (bed) => roomName(bed.room) },
                  {
                    id: "retired",
                    label: t("settings.beds.state"),
                    cell: (bed) =>
                      bed.retired === "yes" ? (
                        <Status shape="cross">{t("settings.beds.retired")}</Status>
                      ) : (
                        <Status shape="tick" tone="ok">
                          {t("settings.beds.in_use")}
                        </Status>
                      ),
                  },
                ]}
              />
              {may("write", "bed") && (
                <div className="pt-3">
                  <Button
                    icon={plus}
                    onPress={() => onWrite({ kind: "bed", record: null, given: { ward: ward.id }, as_of })}
                  >
                    {t("settings.beds.add")}
                  </Button>
                </div>
              )}
            </>
          )}
        </Loaded>
      </Panel>
      <Panel>
        <Loaded view={rooms}>
          {({ as_of, data }) => (
            <>
              <Table
                caption={t("kind.room.plural")}
                rows={inOrder(
                  data.filter((room) => room.ward === ward.id),
                  "name",
                )}
                rowId={(room) => room.id}
                onOpen={
                  may("write", "room") ? (room) => onWrite({ kind: "room", record: room, as_of }) : undefined
                }
                empty={t("settings.rooms.none")}
                columns={[
                  { id: "name", label: t("field.room.name"), cell: (room) => textOf(room, "name") },
                  {
                    id: "room_type",
                    label: t("field.room.room_type"),
                    cell: (room) => wordOf(t, room, "room_type", "room_type"),
                  },
                ]}
              />
              {may("write", "room") && (
                <div className="pt-3">
                  <Button
                    icon={plus}
                    onPress={() =>
                      onWrite({ kind: "room", record: null, given: { facility, ward: ward.id }, as_of })
                    }
                  >
                    {t("settings.rooms.add")}
                  </Button>
                </div>
              )}
            </>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}
