/** The legend, always in sight, which is also the filter by state; and the filters by ward and type. */
import { clsx } from "clsx";
import { ToggleButton } from "react-aria-components";
import { Select } from "../../components/Select";
import { Shape } from "../../components/Shape";
import { TONE_INK } from "../../components/Tone";
import type { BedBoard } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import type { Filter } from "./grid";
import { STATUS_LOOK, STATUSES } from "./look";

const ALL = "all";

export interface FiltersProps {
  board: BedBoard;
  filter: Filter;
  onChange(filter: Filter): void;
}

/** The filters. */
export function Filters({ board, filter, onChange }: FiltersProps) {
  const t = useText();
  const { unstaffed } = board.figures;
  const types = [...new Set(board.wards.flatMap((ward) => ward.beds.map((bed) => bed.bed_type)))];
  const orAll = (chosen: string | null) => (chosen === ALL ? null : chosen);
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <fieldset className="flex flex-wrap items-center gap-1.5">
        <legend className="sr-only">{t("beds.legend")}</legend>
        {STATUSES.map((status) => (
          <ToggleButton
            key={status}
            isSelected={filter.status === status}
            onChange={(isOn) => onChange({ ...filter, status: isOn ? status : null })}
            className={({ isSelected }) =>
              clsx(
                "flex min-h-8 cursor-pointer items-center gap-1.5 rounded-full border px-3 text-table font-medium",
                isSelected
                  ? "border-accent bg-accent-tint text-ink"
                  : "border-edge/60 bg-panel text-ink hover:border-ink",
              )
            }
          >
            <span className={TONE_INK[STATUS_LOOK[status].tone]}>
              <Shape name={STATUS_LOOK[status].shape} />
            </span>
            {t(`beds.status.${status}`)}
            <span className="font-semibold tabular-nums">{board.figures[status]}</span>
            {status === "free" && unstaffed > 0 && (
              <span className="font-normal text-soft">{t("beds.unstaffed", { count: unstaffed })}</span>
            )}
          </ToggleButton>
        ))}
      </fieldset>
      <span className="flex-1" />
      <div className="flex gap-2">
        <Select
          label={t("beds.filter.ward")}
          labelIs="hidden"
          width="200px"
          choices={[
            { id: ALL, label: t("beds.filter.ward.all") },
            ...board.wards.map((ward) => ({ id: ward.id, label: ward.name })),
          ]}
          value={filter.ward ?? ALL}
          onChange={(ward) => onChange({ ...filter, ward: orAll(ward) })}
        />
        <Select
          label={t("beds.filter.type")}
          labelIs="hidden"
          width="200px"
          choices={[
            { id: ALL, label: t("beds.filter.type.all") },
            ...types.map((word) => ({ id: word, label: t(`code.bed_type.${word}`) })),
          ]}
          value={filter.bed_type ?? ALL}
          onChange={(bed_type) => onChange({ ...filter, bed_type: orAll(bed_type) })}
        />
      </div>
    </div>
  );
}
