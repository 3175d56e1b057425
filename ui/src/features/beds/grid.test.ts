import { expect, it } from "vitest";
import type { BedTile, WardBand } from "../../generated/wire";
import { filtered, found, neighbour } from "./grid";

const bed = (id: string, status: BedTile["status"] = "free", name?: string) =>
  ({
    id,
    label: id.slice(1),
    bed_type: "icu",
    status,
    occupant: name ? { patient: { name } } : null,
  }) as BedTile;
const ward = (id: string, beds: BedTile[]) => ({ id, name: `Ward ${id}`, beds }) as WardBand;
const WARDS = [
  ward(
    "a",
    ["a01", "a02", "a03", "a04", "a05"].map((id) => bed(id)),
  ),
  ward("b", [bed("b01"), bed("b02", "occupied", "Lakshmi Nair")]),
];

it("arrows walk along rows, down columns and from band to band", () => {
  const go = (from: string, key: string) => neighbour(WARDS, from, key, 3);
  expect(go("a01", "ArrowRight")).toBe("a02");
  expect(go("a05", "ArrowRight")).toBe("b01");
  expect(go("b01", "ArrowLeft")).toBe("a05");
  expect(go("a02", "ArrowDown")).toBe("a05");
  expect(go("a03", "ArrowDown")).toBe("b02");
  expect(go("b02", "ArrowUp")).toBe("a05");
  expect(go("a05", "ArrowUp")).toBe("a02");
  expect(go("a01", "ArrowUp")).toBe("a01");
  expect(go("b02", "ArrowRight")).toBe("b02");
  expect(go("b02", "Home")).toBe("a01");
  expect(go("a01", "End")).toBe("b02");
});

it("what is typed finds a bed by its label or by any word of a name", () => {
  expect(found(WARDS, "04")).toBe("a04");
  expect(found(WARDS, "nai")).toBe("b02");
  expect(found(WARDS, "ward b 0")).toBe("b01");
  expect(found(WARDS, "zz")).toBeNull();
  expect(found(WARDS, " ")).toBeNull();
});

it("a filter leaves only the beds asked for, and no empty band", () => {
  const left = filtered({ wards: WARDS }, { ward: null, status: "occupied", bed_type: null });
  expect(left.map((each) => each.beds.map((bed) => bed.id))).toEqual([["b02"]]);
});
