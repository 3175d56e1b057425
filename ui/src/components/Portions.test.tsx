import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { deskOf, draw } from "../testing/draw";
import { Portions } from "./Portions";

function drawn(count: number) {
  const items = Array.from({ length: count }, (_, place) => place + 1);
  draw(
    <Portions items={items}>
      {(item) => (
        <article key={item} tabIndex={-1}>
          {item}
        </article>
      )}
    </Portions>,
    deskOf({}),
  );
}

const shown = () => screen.getAllByRole("article").length;

it("shows all of a short list and asks for nothing", () => {
  drawn(20);
  expect(shown()).toBe(20);
  expect(screen.queryByRole("button")).toBeNull();
});

it("shows more when asked, and goes on reading where they begin", async () => {
  drawn(45);
  expect(shown()).toBe(20);
  expect(screen.getByText(/25 more wait/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Show 20 more" }));
  expect(shown()).toBe(40);
  expect(screen.getByText("21")).toHaveFocus();
  await userEvent.keyboard("{Tab}{Enter}");
  expect(shown()).toBe(45);
  expect(screen.getByText("41")).toHaveFocus();
  expect(screen.queryByRole("button")).toBeNull();
});
