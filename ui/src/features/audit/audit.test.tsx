import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { AuditLine, AuditLog } from "../../generated/wire";
import { deskOf, draw } from "../../testing/draw";
import { AuditPage } from "./AuditPage";

const line = (id: string, part: Partial<AuditLine>): AuditLine => ({
  id,
  at: 0,
  what: "signed_in",
  since: null,
  times: null,
  who: "p1",
  who_name: "Anju Thomas",
  about: null,
  about_name: "",
  of_desk: null,
  of_desk_name: "",
  patient: null,
  patient_name: "",
  desk_name: "Casualty",
  ended: "done",
  reason: "",
  ...part,
});

const people = [
  { id: "p1", name: "Anju Thomas" },
  { id: "p2", name: "Biju Varghese" },
];

/** Two pages; whoever asks for a person gets nothing. */
function logged(args: Record<string, unknown>): AuditLog {
  const frame = { people, patient_name: "", next: null };
  if (args.who !== null) return { ...frame, lines: [] };
  if (args.after !== null) return { ...frame, lines: [line("b", { what: "locked", ended: "idle" })] };
  const seen = line("a", { what: "patient_seen", patient: "r1", patient_name: "Kamala Devi" });
  const wrong = line("c", {
    what: "sign_in_failed",
    who: null,
    who_name: "",
    times: 3,
    since: 0,
    ended: null,
  });
  return { ...frame, lines: [seen, wrong], next: { at: 0, id: "c" } };
}

it("shows who did what of whom, and goes on to the older page and back", async () => {
  draw(<AuditPage />, { backend: deskOf({ "view audit_log": logged }).backend });
  await screen.findByText("Kamala Devi");
  expect(screen.getByText(/3 times since/)).toBeInTheDocument();
  expect(screen.getByText("Nobody known here")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Older" }));
  await screen.findByText(/Nobody was there/);
  expect(screen.queryByRole("button", { name: "Older" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Newer" }));
  await screen.findByText("Kamala Devi");
});

it("asks for one person by the keyboard alone, says that there is nothing, and shows everything again", async () => {
  const desk = deskOf({ "view audit_log": logged });
  draw(<AuditPage />, { backend: desk.backend });
  await screen.findByText("Kamala Devi");
  screen.getByRole("combobox", { name: "Person" }).focus();
  await userEvent.keyboard("Biju{ArrowDown}{Enter}");
  await screen.findByText("Nothing of the kind");
  expect(desk.calls.at(-1)?.args).toMatchObject({ name: "audit_log", args: { who: "p2", after: null } });
  const [all] = screen.getAllByRole("button", { name: "Show everything" });
  all?.focus();
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(screen.getByText("Kamala Devi")).toBeInTheDocument());
});
