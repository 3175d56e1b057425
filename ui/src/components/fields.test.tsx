import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { draw } from "../testing/draw";
import { Button } from "./Button";
import { DateField } from "./DateField";
import { ErrorSummary } from "./ErrorSummary";
import { NumberField } from "./NumberField";
import { Select } from "./Select";
import { Table } from "./Table";
import { TextField } from "./TextField";

it("a count that is cleared is blank, not zero", async () => {
  const told = vi.fn();
  function Count() {
    const [value, setValue] = useState<number | null>(12);
    return (
      <NumberField
        label="Seen"
        value={value}
        onChange={(next, problem) => {
          told(next, problem);
          setValue(next);
        }}
      />
    );
  }
  draw(<Count />);
  const field = screen.getByRole("textbox", { name: "Seen" });
  expect(field).toHaveValue("12");
  await userEvent.clear(field);
  expect(told).toHaveBeenLastCalledWith(null, undefined);
  await userEvent.type(field, "0");
  expect(told).toHaveBeenLastCalledWith(0, undefined);
  await userEvent.clear(field);
  await userEvent.type(field, "many");
  await userEvent.tab();
  expect(told.mock.lastCall?.[1]).toMatch(/not a number/);
  expect(field).toHaveValue("many");
  expect(field).toHaveAccessibleDescription(/not a number/);
});

it("a date typed in short is shown in full when the field is left, in either language", async () => {
  function Day({ label }: { label: string }) {
    const [value, setValue] = useState<string | null>(null);
    return <DateField label={label} value={value} onChange={setValue} today="2026-11-20" max="2026-11-20" />;
  }
  const { unmount } = draw(<Day label="Day" />);
  const field = screen.getByRole("textbox", { name: "Day" });
  await userEvent.type(field, "-1");
  await userEvent.tab();
  expect(field).toHaveValue("19-Nov-2026");
  await userEvent.clear(field);
  await userEvent.type(field, "tomorrow");
  await userEvent.tab();
  expect(field).toHaveAccessibleDescription(/20-Nov-2026 or earlier/);
  unmount();

  draw(<Day label="ദിവസം" />, { language: "ml" });
  const malayalam = screen.getByRole("textbox", { name: "ദിവസം" });
  await userEvent.type(malayalam, "1911");
  await userEvent.tab();
  expect(malayalam).toHaveValue("19-നവം-2026");
  await userEvent.type(malayalam, "{Backspace}19-നവം-2026");
  await userEvent.tab();
  expect(malayalam).toHaveValue("19-നവം-2026");
});

it("the error summary takes the focus after a failed save and leads to the field", async () => {
  function Form() {
    const [attempt, setAttempt] = useState(0);
    const errors =
      attempt > 0
        ? [
            { field: "name", text: "Enter the name" },
            { field: "sex", text: "Choose the sex" },
          ]
        : [];
    return (
      <>
        <ErrorSummary errors={errors} attempt={attempt} />
        <TextField id="name" label="Name" value="" onChange={() => undefined} />
        <Select
          id="sex"
          label="Sex"
          choices={[{ id: "f", label: "Female" }]}
          value={null}
          onChange={() => undefined}
        />
        <Button onPress={() => setAttempt(attempt + 1)}>Save</Button>
      </>
    );
  }
  draw(<Form />);
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(screen.getByRole("alert", { name: "There are 2 problems" })).toHaveFocus();
  await userEvent.click(screen.getByRole("link", { name: "Enter the name" }));
  expect(screen.getByRole("textbox", { name: "Name" })).toHaveFocus();
  await userEvent.click(screen.getByRole("link", { name: "Choose the sex" }));
  expect(screen.getByRole("button", { name: /Sex/ })).toHaveFocus();
});

it("an empty cell says that nothing is recorded", () => {
  draw(
    <Table
      caption="Beds"
      columns={[{ id: "name", label: "Patient", cell: (row: { name: string | null }) => row.name }]}
      rows={[{ name: null }]}
      rowId={() => "1"}
    />,
  );
  expect(screen.getByRole("cell")).toHaveTextContent("Not recorded");
});
