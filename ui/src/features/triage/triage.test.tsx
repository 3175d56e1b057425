import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { BLANK_SHEET, correctionOf, draftOf, placeOf, takeAll } from "./filing";
import { ShiftPart } from "./ShiftPart";
import { TriageMonthPart } from "./TriageMonthPart";

const form = {
  state: "open" as const,
  phase: "running" as const,
  from: 0,
  due: 0,
  standing: [] as Record<string, unknown>[],
  corrected: [],
  proposals: [{ field: "isolated", value: 5, source: "isolated" }],
  yesterday: { visited: 90 },
};

function deskWith(part: object, save: (args: Record<string, unknown>) => unknown) {
  return deskOf({
    status: statusOf(),
    "view triage_form": { ...form, ...part },
    history: [],
    draft: null,
    put_draft: null,
    forget_draft: null,
    save,
  });
}

it("a blank is not sent, and a typed 0 is", () => {
  const sheet = { ...BLANK_SHEET, counts: { visited: 0, isolated: null } };
  expect(draftOf(sheet, "f1", "2026-11-20", "morning").fields).toEqual({
    facility: "f1",
    day: "2026-11-20",
    shift: "morning",
    visited: 0,
  });
});

it("taking all proposals leaves typed figures, even 0", () => {
  const typed = { ...BLANK_SHEET, counts: { isolated: 0 } };
  expect(takeAll(typed, form).counts.isolated).toBe(0);
  expect(takeAll(BLANK_SHEET, form).counts.isolated).toBe(5);
});

it("a correction is a new entry that names the standing one", () => {
  const sheet = correctionOf({ id: "t1", visited: 90, positive: 0 });
  const draft = draftOf(sheet, "f1", "2026-11-20", "morning");
  expect(draft.id).toBeNull();
  expect(draft.fields).toMatchObject({ amends: "t1", visited: 90, positive: 0 });
});

it("what was typed is kept when somebody else files the shift meanwhile", () => {
  const begun = { ...BLANK_SHEET, counts: { visited: 3 } };
  expect(placeOf({ ...form, standing: [{ id: "t1" }] }, begun)).toMatchObject({ at: "filed", begun });
  expect(placeOf({ ...form, standing: [{ id: "t1" }, { id: "t2" }] }, null).at).toBe("twice");
});

it("after midnight last night's shift is offered first, and every other that is not filed is in reach", async () => {
  const shift = (day: string, word: string, state: string) => ({
    day,
    shift: word,
    phase: state === "open" ? "running" : "ended",
    state,
    entry: null,
    filed_at: null,
  });
  const to_file = [shift("2026-11-19", "night", "open"), shift("2026-11-19", "evening", "missing")];
  const desk = deskOf({ status: statusOf(), "view triage_month": { days: [], to_file } });
  draw(<TriageMonthPart day="2026-11-20" today="2026-11-20" />, { backend: desk.backend });
  const now = await screen.findByRole("link", { name: "File now: Night, 19-Nov" });
  expect(now).toHaveAttribute("href", "/triage?day=2026-11-19&shift=night");
  const other = screen.getByRole("link", { name: "Evening, 19-Nov (Missing)" });
  expect(other).toHaveAttribute("href", "/triage?day=2026-11-19&shift=evening");
});

it("a shift that has not begun says when it begins", async () => {
  const ahead = { phase: "ahead", from: Date.UTC(2026, 10, 20, 16, 30), proposals: [] };
  const desk = deskWith(ahead, () => null);
  draw(<ShiftPart day="2026-11-20" shift="night" />, { backend: desk.backend });
  expect(await screen.findByText(/^Begins .*nothing can be proposed before$/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Take all/ })).toBeNull();
});

it("the numpad files a shift: Enter goes on, Ctrl+Enter files, an unusual figure is asked", async () => {
  const ask = {
    kind: "triage",
    field: "visited",
    code: "unusual",
    numbers: { low: "0", high: "2000" },
    ask: true,
  };
  const desk = deskWith({}, ({ confirmed }) =>
    (confirmed as string[]).includes("visited")
      ? { ids: ["t1"], as_of: 2 }
      : new BackendProblem("problems", {}, [ask]),
  );
  draw(<ShiftPart day="2026-11-20" shift="morning" />, { backend: desk.backend });
  await userEvent.type(await screen.findByRole("textbox", { name: /Patients seen/ }), "2500{Enter}");
  expect(screen.getByRole("textbox", { name: /home quarantine/ })).toHaveFocus();
  await userEvent.keyboard("0{Control>}{Enter}{/Control}");
  await userEvent.click(await screen.findByRole("checkbox", { name: /Yes, this is right/ }));
  await userEvent.click(screen.getByRole("button", { name: /^File/ }));
  await waitFor(() => expect(desk.calls.filter((call) => call.command === "save")).toHaveLength(2));
  expect(desk.calls.filter((call) => call.command === "save").at(-1)?.args).toEqual({
    drafts: [
      {
        kind: "triage",
        id: null,
        fields: { facility: "f1", day: "2026-11-20", shift: "morning", visited: 2500, home_quarantine: 0 },
      },
    ],
    as_of: 1,
    confirmed: ["visited"],
  });
});
