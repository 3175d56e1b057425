/** Moving over the board by keys: beds in bed order, bands under one another; what is typed finds a bed or a name. */
import type { BedBoard, BedStatus, BedTile, WardBand } from "../../generated/wire";

/** What is left out of the board. */
export interface Filter {
  ward: string | null;
  status: BedStatus | null;
  bed_type: string | null;
}

/** The bands and beds that a filter leaves; bands without beds go. */
export function filtered(board: Pick<BedBoard, "wards">, filter: Filter): WardBand[] {
  const keeps = (bed: BedTile) =>
    (filter.status === null || bed.status === filter.status) &&
    (filter.bed_type === null || bed.bed_type === filter.bed_type);
  return board.wards
    .filter((ward) => filter.ward === null || ward.id === filter.ward)
    .map((ward) => ({ ...ward, beds: ward.beds.filter(keeps) }))
    .filter((ward) => ward.beds.length > 0);
}

/** The bed that an arrow leads to, with `columns` beds in a row; the same bed at the board's ends. */
export function neighbour(wards: readonly WardBand[], from: string, key: string, columns: number): string {
  const band = wards.findIndex((ward) => ward.beds.some((bed) => bed.id === from));
  const beds = wards[band]?.beds ?? [];
  const index = beds.findIndex((bed) => bed.id === from);
  const within = (at: number) => beds[at]?.id;
  const column = index % columns;
  const bandAt = (at: number) => wards[at]?.beds ?? [];
  switch (key) {
    case "ArrowRight":
      return within(index + 1) ?? bandAt(band + 1)[0]?.id ?? from;
    case "ArrowLeft":
      return within(index - 1) ?? bandAt(band - 1).at(-1)?.id ?? from;
    case "ArrowDown": {
      const below = bandAt(band + 1);
      return within(index + columns) ?? below[Math.min(column, below.length - 1)]?.id ?? from;
    }
    case "ArrowUp": {
      if (index - columns >= 0) return within(index - columns) ?? from;
      const above = bandAt(band - 1);
      const lastRow = Math.floor((above.length - 1) / columns) * columns;
      return above[Math.min(lastRow + column, above.length - 1)]?.id ?? from;
    }
    case "Home":
      return wards[0]?.beds[0]?.id ?? from;
    case "End":
      return wards.at(-1)?.beds.at(-1)?.id ?? from;
    default:
      return from;
  }
}

/** The first bed whose label, ward and label, or patient begins with what was typed. */
export function found(wards: readonly WardBand[], typed: string): string | null {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return null;
  const says = (text: string | undefined) => text?.toLowerCase().startsWith(wanted) ?? false;
  for (const ward of wards) {
    for (const bed of ward.beds) {
      const name = bed.occupant?.patient.name;
      const words = name?.split(" ") ?? [];
      if (says(bed.label) || says(`${ward.name} ${bed.label}`) || says(name) || words.some(says))
        return bed.id;
    }
  }
  return null;
}
