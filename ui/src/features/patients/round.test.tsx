import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { momentOf } from "../../entity/movement/moment";
import type { Unsaved } from "../../entity/unsaved";
import type { EncounterShown, RoundShown } from "../../generated/wire";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { RoundDialog } from "./RoundDialog";
import { copyOf, lastOf, scaleOf } from "./rounds";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.now();
/** By the facility's clock. */
const clockAt = (at_ms: number) => {
  const { minutes } = momentOf(at_ms, 330);
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
};

const round = (id: string, at: number, fields: Record<string, unknown>, corrected_by: string | null = null) =>
  ({ id, at, fields: { id, encounter: "e1", at, ...fields }, corrected_by }) as unknown as RoundShown;
const MORNING = round("r1", NOW_MS - 4 * HOUR_MS, {
  spo2: 91,
  spo2_scale: "scale_2",
  consciousness: "alert",
  on_oxygen: "yes",
  pulse: 88,
  gcs_eye: 4,
  fio2: 40,
  ventilator_mode: "pressure_support",
  note: "slept",
});
const ENCOUNTER = {
  id: "e1",
  fields: { id: "e1", category: "moderate" },
  rounds: [MORNING],
  stays: [],
} as unknown as EncounterShown;

function drawRound(part: { corrects?: RoundShown; draft?: Unsaved } = {}) {
  const desk = deskOf({
    status: statusOf(),
    "view news2": { score: null, applies: true, missing: [], risk: null, points: {} },
    draft: part.draft ?? null,
    put_draft: null,
    forget_draft: null,
    save: { ids: ["r2"], as_of: 2, action: null },
  });
  const onClose = vi.fn();
  draw(
    <RoundDialog
      patient="p1"
      name="Lakshmi Nair"
      encounter={ENCOUNTER}
      scale={scaleOf([ENCOUNTER])}
      corrects={part.corrects ?? null}
      as_of={1}
      onClose={onClose}
    />,
    { backend: desk.backend },
  );
  const saved = () => desk.calls.find((call) => call.command === "save")?.args.drafts as SavedDraft[];
  return { ...desk, onClose, saved, commands: () => desk.calls.map((call) => call.command) };
}
interface SavedDraft {
  kind: string;
  id: string | null;
  fields: Record<string, unknown>;
}
const save = async () => userEvent.click(screen.getByRole("button", { name: "Save the round" }));

it("a correction begins with every field of the round, also those no form shows", () => {
  const copy = copyOf(
    round("r1", 5, { pulse: 88, gcs_eye: 4, amends: "r0", voided: true, void_reason: "x" }),
  );
  expect(copy).toEqual({ encounter: "e1", at: 5, pulse: 88, gcs_eye: 4 });
});

it("the last value of a field is the newest that stands, wherever it was observed", () => {
  const rounds = [
    round("r3", 30, { pulse: 99 }, "r4"),
    round("r2", 20, { spo2: 94 }),
    round("r1", 10, { pulse: 88 }),
  ];
  expect(lastOf(rounds, "pulse", null)).toEqual({ value: 88, at: 10 });
  expect(lastOf(rounds, "spo2", null)).toEqual({ value: 94, at: 20 });
  expect(lastOf(rounds, "spo2", rounds[1] ?? null)).toBeNull();
});

it("correcting one value keeps the ventilator, the coma scale and the time as they were", async () => {
  const desk = drawRound({ corrects: MORNING });
  const pulse = await screen.findByLabelText(/^Pulse/);
  await userEvent.clear(pulse);
  await userEvent.type(pulse, "98");
  await save();
  await waitFor(() => expect(desk.onClose).toHaveBeenCalled());
  const [draft] = desk.saved();
  const { id: _, ...before } = MORNING.fields;
  expect(draft).toMatchObject({ kind: "round", id: null });
  expect(draft?.fields).toEqual({ ...before, pulse: 98, amends: "r1" });
});

it("the SpO₂ scale is the patient's and is carried on", async () => {
  const desk = drawRound();
  await userEvent.type(await screen.findByLabelText(/^Pulse/), "90");
  await save();
  await waitFor(() => expect(desk.onClose).toHaveBeenCalled());
  expect(desk.saved()[0]?.fields).toMatchObject({ spo2_scale: "scale_2", pulse: 90 });
});

it("under each field stands what it was last, and when", async () => {
  drawRound();
  await screen.findByLabelText(/^Pulse/);
  const at = clockAt(MORNING.at);
  for (const last of ["88 /min", "91 %", "Alert", "Yes"]) {
    expect(screen.getByText(new RegExp(`^last ${last} at .*${at}`))).toBeVisible();
  }
});

it("vitals typed at eight are not the noon round's: they are brought back only when asked for, with their time", async () => {
  const typed_at = NOW_MS - 5 * HOUR_MS;
  const draft = { typed_at, as_of: 1, changed: { pulse: 120 } };
  const desk = drawRound({ draft });
  await screen.findByText(new RegExp(`Typed at .*${clockAt(typed_at)} and not saved`));
  expect(screen.queryByLabelText(/^Pulse/)).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  expect(await screen.findByLabelText(/^Pulse/)).toHaveValue("120");
  expect(screen.getByLabelText(/^Time/)).toHaveValue(clockAt(typed_at));
  await save();
  await waitFor(() => expect(desk.onClose).toHaveBeenCalled());
  expect(desk.saved()[0]?.fields).toMatchObject({ at: typed_at, pulse: 120 });
});

it("starting anew throws the old vitals away and takes the time of now", async () => {
  const desk = drawRound({ draft: { typed_at: NOW_MS - 5 * HOUR_MS, as_of: 1, changed: { pulse: 120 } } });
  await userEvent.click(await screen.findByRole("button", { name: "Start anew" }));
  expect(desk.commands()).toContain("forget_draft");
  const pulse = await screen.findByLabelText(/^Pulse/);
  expect(pulse).toHaveValue("");
  await userEvent.type(pulse, "80");
  await save();
  await waitFor(() => expect(desk.onClose).toHaveBeenCalled());
  expect(desk.saved()[0]?.fields.at).toBeGreaterThanOrEqual(NOW_MS);
});

it("a round cannot be observed in the future", async () => {
  const desk = drawRound();
  await userEvent.type(await screen.findByLabelText(/^Pulse/), "80");
  await userEvent.click(screen.getByLabelText("At another time"));
  const day = screen.getByLabelText(/^Day/);
  await userEvent.clear(day);
  await userEvent.type(day, "01-01-2000");
  await userEvent.type(screen.getByLabelText(/^Time/), "0810");
  await userEvent.clear(day);
  await userEvent.type(day, "+1");
  await save();
  expect(desk.commands()).not.toContain("save");
  expect(screen.getByRole("alert")).toBeVisible();
});

it("Escape on a form with something typed asks, and a draft is kept or thrown away as said", async () => {
  const desk = drawRound();
  await userEvent.type(await screen.findByLabelText(/^Pulse/), "80");
  await userEvent.keyboard("{Escape}");
  const asked = await screen.findByRole("alertdialog");
  expect(desk.onClose).not.toHaveBeenCalled();
  await userEvent.click(within(asked).getByRole("button", { name: "Go on" }));
  expect(screen.getByLabelText(/^Pulse/)).toHaveValue("80");
  await userEvent.keyboard("{Escape}");
  await userEvent.click(await screen.findByRole("button", { name: "Keep as draft" }));
  expect(desk.onClose).toHaveBeenCalledOnce();
  expect(desk.commands()).not.toContain("forget_draft");
  await userEvent.click(screen.getByRole("button", { name: "Throw away" }));
  expect(desk.commands()).toContain("forget_draft");
});

it("Escape on a form nobody typed into closes it", async () => {
  const desk = drawRound();
  await screen.findByLabelText(/^Pulse/);
  await userEvent.keyboard("{Escape}");
  expect(desk.onClose).toHaveBeenCalledOnce();
});

it("a category given at a round is the patient's on the board too, in the same step", async () => {
  const category = { typed_at: NOW_MS, as_of: 1, changed: { category: "critical", pulse: 130 } };
  const desk = drawRound({ draft: category });
  await userEvent.click(await screen.findByRole("button", { name: "Go on" }));
  await save();
  await waitFor(() => expect(desk.onClose).toHaveBeenCalled());
  expect(desk.saved()[1]).toEqual({ kind: "encounter", id: "e1", fields: { category: "critical" } });
});
