import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { PatientLine, StockLine, WarRoom } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { WarRoomPage } from "./WarRoomPage";

vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => () => undefined,
  useHref: (to: string) => to,
}));

const FIGURES = { total: 20, occupied: 12, held: 1, cleaning: 1, blocked: 1, free: 5, unstaffed: 0 };
const LINE = {
  patient: "p1",
  name: "Lakshmi Nair",
  ward: "ICU",
  bed: "07",
  news2: { score: 7, applies: true, missing: [], risk: "high", points: {} },
  news2_before: 4,
  last_round_at: 1_795_000_000_000,
  review_due: 1_795_014_400_000,
} as unknown as PatientLine;
const ITEM = {
  item: "i1",
  name: "PPE kit",
  unit: "cylinder",
  balance: "1250.500",
  low: true,
  below_zero: false,
  nearest_expiry: null,
} as unknown as StockLine;
/** What each item of the stock says of itself. */
const stockSays = () =>
  screen.getAllByRole("link", { name: /^Item/ }).map((link) => link.closest("li")?.textContent);

const ROOM: WarRoom = {
  facility_name: "General Hospital",
  beds: [{ bed_type: "icu", figures: FIGURES, occupancy_permille: 631 }],
  all_beds: FIGURES,
  occupancy_permille: 631,
  admitted: 13,
  positive: 4,
  suspected: 2,
  waiting_for_bed: 1,
  admissions_today: 3,
  discharges_today: 2,
  deaths_today: 1,
  concerning: [LINE],
  overdue: [LINE],
  low_stock: [ITEM],
  expiring_stock: [{ ...ITEM, item: "i2", low: false, nearest_expiry: "2026-12-01" }],
  triage_today: [
    { day: "2026-11-19", shift: "night", phase: "ended", state: "missing", entry: null, filed_at: null },
  ],
  unattended: [],
  conflicts: 0,
  trend: [
    {
      day: "2026-11-20",
      admissions: 1,
      discharges: 0,
      deaths: 0,
      census: 13,
      visited: null,
      positives: null,
    },
  ],
};

it("figures are shown as they are, and what nobody filed is missing, not zero", async () => {
  draw(<WarRoomPage />, { backend: deskOf({ "view war_room": ROOM }).backend });
  expect(await screen.findByText("General Hospital")).toBeTruthy();
  expect(screen.getByText("was 4")).toBeTruthy();
  expect(screen.getByText(/^due since /)).toBeTruthy();
  expect(screen.getByText("Expires 01-Dec-2026")).toBeTruthy();
  expect(screen.getByText("Missing")).toBeTruthy();
  expect(screen.getByRole("link", { name: "Night, 19-Nov" })).toBeTruthy();
  expect(screen.getByText("of 20")).toBeTruthy();
  expect(screen.getByText(/of these deaths 1/)).toBeTruthy();
});

it("each figure opens the list that it counts, for those who may see who is on it", async () => {
  const status = statusOf();
  const backend = (role: string) => {
    const who = status.who && { ...status.who, role };
    return deskOf({ status: { ...status, who }, "view war_room": ROOM }).backend;
  };
  const { unmount } = draw(<WarRoomPage />, { backend: backend("nurse") });
  await screen.findByText("General Hospital");
  const to = async (name: RegExp) => (await screen.findByRole("link", { name })).getAttribute("href");
  expect(await to(/^Positive/)).toBe("/patients?which=positive");
  expect(await to(/^Waiting for a bed/)).toBe("/patients?which=waiting");
  expect(await to(/Admissions/)).toBe("/patients?which=admitted_today");
  expect(await to(/Discharges/)).toBe("/patients?which=discharged_today");
  expect(await to(/^Census/)).toBe("/census");
  unmount();
  draw(<WarRoomPage />, { backend: backend("local_body_admin") });
  await screen.findByText("General Hospital");
  expect(screen.queryByRole("link", { name: /^Positive/ })).toBeNull();
});

it("stock says whether it is below zero, low, expiring or expired, with its unit and never a day nobody gave", async () => {
  const item = (name: string, part: Partial<StockLine>) => ({
    ...ITEM,
    low: false,
    item: name,
    name: `Item ${name}`,
    ...part,
  });
  const both = item("both", { low: true, nearest_expiry: "2999-12-01" });
  const low_stock = [item("zero", { below_zero: true, balance: "-3.000" }), item("low", { low: true }), both];
  const expiring_stock = [both, item("past", { nearest_expiry: "2020-01-31" })];
  draw(<WarRoomPage />, {
    backend: deskOf({ "view war_room": { ...ROOM, low_stock, expiring_stock } }).backend,
  });
  await screen.findByText("General Hospital");
  expect(stockSays()).toEqual([
    "Item zero−3 cylindersBelow zero",
    "Item low1,250.5 cylindersLow",
    "Item both1,250.5 cylindersLowExpires 01-Dec-2999",
    "Item past1,250.5 cylindersExpired 31-Jan-2020",
  ]);
  expect(screen.queryByText(/Not recorded/)).toBeNull();
});
