import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { BackendProblem } from "./backend";
import { PasswordForm } from "./features/signin/PasswordForm";
import { SyncPage } from "./features/sync/SyncPage";
import { deskOf, draw, statusOf } from "./testing/draw";
import { TrustServer } from "./trust-server";

const page = (code: string) => ({
  summary: { ...statusOf().sync, problem: { code, numbers: {}, problems: [] } },
  spaces: [],
  parked: [],
  device: "d1",
  server_words: ["one", "two", "three", "four", "five"],
  device_words: [],
});

it("the five words are sent as they were typed, and nothing is sent without them", async () => {
  const desk = deskOf({ status: statusOf(), trust_certificate: null });
  draw(<TrustServer variant="primary" />, { backend: desk.backend });
  await userEvent.click(await screen.findByRole("button", { name: "Trust this server" }));
  expect(await screen.findByText("Type the five words")).toBeInTheDocument();
  expect(screen.getByLabelText("The five words, read at the server")).toHaveFocus();
  expect(desk.calls.some((call) => call.command === "trust_certificate")).toBe(false);
  await userEvent.keyboard(" anchor velvet monsoon copper ladder {Enter}");
  await waitFor(() =>
    expect(desk.calls).toContainEqual({
      command: "trust_certificate",
      args: { words: "anchor velvet monsoon copper ladder" },
    }),
  );
});

it("words that do not fit are said, and stay to be corrected", async () => {
  const desk = deskOf({ status: statusOf(), trust_certificate: new BackendProblem("words_differ") });
  draw(<TrustServer variant="primary" />, { backend: desk.backend });
  await userEvent.type(await screen.findByLabelText("The five words, read at the server"), "one two{Enter}");
  expect(await screen.findByText("These are not the server's five words")).toBeInTheDocument();
  expect(screen.getByLabelText("The five words, read at the server")).toHaveValue("one two");
});

it("the sync page asks for the words only where the server shows a certificate that is not known", async () => {
  const shown = deskOf({ status: statusOf(), sync_page: page("certificate_changed") });
  const { unmount } = draw(<SyncPage />, { backend: shown.backend });
  expect(await screen.findByLabelText("The five words, read at the server")).toBeInTheDocument();
  unmount();
  const other = deskOf({ status: statusOf(), sync_page: page("server_version") });
  draw(<SyncPage />, { backend: other.backend });
  await screen.findByText("Words of the server");
  expect(screen.queryByLabelText("The five words, read at the server")).toBeNull();
});

it("who cannot sign in for it is asked for the words on the sign-in page", async () => {
  const desk = deskOf({
    status: statusOf(),
    sign_in: new BackendProblem("certificate_changed"),
    trust_certificate: null,
  });
  draw(<PasswordForm person={null} />, { backend: desk.backend });
  await userEvent.type(await screen.findByLabelText("Username"), "biju");
  await userEvent.type(screen.getByLabelText("Password"), "river lamp stone{Enter}");
  await userEvent.type(
    await screen.findByLabelText("The five words, read at the server"),
    "anchor velvet monsoon copper ladder{Enter}",
  );
  await waitFor(() => expect(screen.queryByLabelText("The five words, read at the server")).toBeNull());
});
