import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { shifted, todayHere } from "../../components/readDate";
import type { Census, Indicators, Movements } from "../../generated/wire";
import { deskOf, draw } from "../../testing/draw";
import { CensusPage } from "./CensusPage";

vi.mock("@tanstack/react-router", () => ({
  useNavigate: () => () => undefined,
  useHref: (to: string) => to,
}));

const NOTHING: Movements = {
  before: 0,
  admissions: 0,
  transfers_in: 0,
  transfers_out: 0,
  discharges: 0,
  deaths: 0,
  census: 0,
};
const INDICATORS: Indicators = {
  days: 30,
  bed_days: 212,
  available_bed_days: 300,
  admissions: 41,
  left: 40,
  days_stayed: 212,
  same_day: 2,
  readmissions: 3,
  occupancy_permille: 707,
  stay_centidays: 530,
  turnover_hundredths: 400,
  interval_centidays: 220,
};

/** The census of whatever days are asked for. */
function census(args: Record<string, unknown>): Census {
  const { first, last } = args as { first: string; last: string };
  const isRunning = last === todayHere();
  const icu = { ...NOTHING, before: 4, admissions: 2, transfers_out: 1, deaths: 1, census: 4 };
  const casualty = { ...NOTHING, transfers_in: 1, census: 1 };
  return {
    first,
    last,
    is_running: isRunning,
    wards: [
      {
        ward: "w1",
        name: "ICU-2",
        is_for_inpatients: true,
        movements: icu,
        bed_days: 4,
        available_bed_days: 6,
        occupancy_permille: 666,
      },
      {
        ward: "w2",
        name: "Casualty",
        is_for_inpatients: false,
        movements: casualty,
        bed_days: 1,
        available_bed_days: 2,
        occupancy_permille: 500,
      },
    ],
    whole: { ...icu, transfers_in: 1, census: 5 },
    days: [{ day: last, movements: icu, same_day: 0 }],
    indicators: first === last && isRunning ? null : INDICATORS,
    expected: { overdue: 1, today: 2, tomorrow: 0 },
  };
}

it("shows yesterday first: each ward's movements, and what they come to with the counts behind it", async () => {
  const desk = deskOf({ "view census": census });
  draw(<CensusPage />, { backend: desk.backend });
  const icu = await screen.findByRole("row", { name: /^ICU-2/ });
  const yesterday = shifted(todayHere(), -1);
  expect(desk.calls.at(-1)?.args).toMatchObject({
    name: "census",
    args: { first: yesterday, last: yesterday },
  });
  const cells = within(icu).getAllByRole("cell");
  expect(cells.map((cell) => cell.textContent)).toEqual([
    "ICU-2",
    "4",
    "+2",
    "0",
    "−1",
    "0",
    "−1",
    "4",
    "4",
    "66.6%",
  ]);
  const casualty = screen.getByRole("row", { name: /^Casualty/ });
  expect(casualty).toHaveTextContent("not counted among the beds");
  expect(casualty).not.toHaveTextContent("50.0%");
  expect(screen.getByText(/2 today, 0 tomorrow/)).toBeVisible();
  expect(screen.getByText("1 were expected to have left")).toBeVisible();
  expect(screen.getByRole("link", { name: "Who they are" })).toHaveAttribute(
    "href",
    "/patients?which=leaving",
  );
  expect(screen.getByRole("region", { name: "Occupancy" })).toHaveTextContent("70.7%212 of 300 bed-days");
  expect(screen.getByRole("region", { name: "Average stay" })).toHaveTextContent(
    "5.30days212 days of 40 who left",
  );
  expect(screen.getByRole("region", { name: "Turnover" })).toHaveTextContent(
    "4.00to a bed40 left, 10.0 beds",
  );
});

it("other days are chosen by the keyboard alone, and of a day that runs nothing is reckoned", async () => {
  const desk = deskOf({ "view census": census });
  draw(<CensusPage />, { backend: desk.backend });
  await screen.findByRole("row", { name: /^ICU-2/ });
  screen.getByRole("button", { name: /Days/ }).focus();
  await userEvent.keyboard("{Enter}{Home}{Enter}");
  await screen.findByText(/when a day has ended/);
  const today = todayHere();
  expect(desk.calls.at(-1)?.args).toMatchObject({ args: { first: today, last: today } });
  expect(screen.queryByRole("region", { name: "Occupancy" })).toBeNull();
});

it("one's own days are typed, and a day that has not come is refused", async () => {
  const desk = deskOf({ "view census": census });
  draw(<CensusPage />, { backend: desk.backend });
  await screen.findByRole("row", { name: /^ICU-2/ });
  screen.getByRole("button", { name: /Days/ }).focus();
  await userEvent.keyboard("{Enter}{End}{Enter}");
  const last = await screen.findByRole("textbox", { name: "To" });
  await userEvent.clear(last);
  await userEvent.type(last, "-3{Tab}");
  const today = todayHere();
  const wanted = { first: shifted(today, -30), last: shifted(today, -3) };
  expect(desk.calls.at(-1)?.args).toMatchObject({ args: wanted });
  await userEvent.clear(last);
  await userEvent.type(last, "+1{Tab}");
  expect(last).toBeInvalid();
  expect(desk.calls.at(-1)?.args).toMatchObject({ args: wanted });
});
