import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "../../backend";
import { deskOf, draw, statusOf } from "../../testing/draw";
import { BLANK_SHEET, correctionOf, draftOf, placeOf, takeAll } from "./filing";
import { ShiftPart } from "./ShiftPart";

const form = {
  state: "open" as const,
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
