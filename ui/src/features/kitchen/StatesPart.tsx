/** Buttons, statuses, banners, empty and loading, and what floats above the page. */
import { BedDouble, Plus } from "lucide-react";
import { useState } from "react";
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { CommandPalette } from "../../components/CommandPalette";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { EmptyState } from "../../components/EmptyState";
import { IconButton } from "../../components/IconButton";
import { Skeleton } from "../../components/Loading";
import { Menu } from "../../components/Menu";
import { Panel } from "../../components/Panel";
import { ShortcutHelp } from "../../components/ShortcutHelp";
import { Status, Tag } from "../../components/Status";
import { sayDone, sayProblem } from "../../components/Toast";
import { useSamples } from "./samples";

/** States. */
export function StatesPart() {
  const s = useSamples();
  return (
    <>
      <Panel title={s.buttons}>
        <div className="flex flex-wrap items-center gap-2">
          <Button variant="primary" size="large" icon={<Plus className="size-4" />}>
            {s.admit}
          </Button>
          <Button variant="primary">{s.admit}</Button>
          <Button keys="M">{s.transfer}</Button>
          <Button variant="quiet">{s.details}</Button>
          <Button variant="danger">{s.discharge}</Button>
          <Button isPending>{s.transfer}</Button>
          <Button isDisabled>{s.transfer}</Button>
          <IconButton label={s.details} keys="?">
            <BedDouble className="size-4" />
          </IconButton>
          <Overlays />
        </div>
      </Panel>
      <Panel title={s.states}>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          <Status shape="ring" tone="ok">
            {s.free}
          </Status>
          <Status shape="square" tone="info">
            {s.occupied}
          </Status>
          <Status shape="half" tone="watch">
            {s.held}
          </Status>
          <Status shape="bars">{s.cleaning}</Status>
          <Status shape="cross" tone="problem">
            {s.blocked}
          </Status>
          <Tag>{s.mild}</Tag>
          <Tag tone="info">{s.isolation}</Tag>
          <Tag tone="ok" shape="tick">
            {s.ok}
          </Tag>
          <Tag tone="watch" shape="diamond">
            {s.moderate}
          </Tag>
          <Tag tone="problem" shape="triangle">
            {s.severe}
          </Tag>
        </div>
        <div className="mt-3 grid gap-2 lg:grid-cols-2">
          <Banner tone="info" title={s.info} />
          <Banner tone="ok" title={s.ok} />
          <Banner tone="watch" title={s.watch} action={<Button>{s.open}</Button>} />
          <Banner tone="problem" title={s.problem}>
            {s.problem_text}
          </Banner>
          <EmptyState title={s.empty} action={<Button>{s.transfer}</Button>}>
            {s.empty_text}
          </EmptyState>
          <Skeleton lines={4} />
        </div>
      </Panel>
    </>
  );
}

function Overlays() {
  const s = useSamples();
  const [open, setOpen] = useState<"confirm" | "palette" | "keys" | null>(null);
  const close = () => setOpen(null);
  const command = (id: string, label: string, group: string, keys?: string) => ({
    id,
    label,
    group,
    keys,
    run: close,
  });
  return (
    <>
      <span data-opens="menu">
        <Menu
          label={s.more}
          choices={[
            { id: "t", label: s.transfer, keys: "M" },
            { id: "h", label: s.held, detail: s.general },
            { id: "d", label: s.discharge, danger: true },
            { id: "b", label: s.blocked, isDisabled: true },
          ]}
          onChoose={(id) => (id === "d" ? sayDone(s.saved, close) : sayProblem(s.failed))}
        />
      </span>
      <span data-opens="confirm">
        <Button onPress={() => setOpen("confirm")}>{s.discharge}…</Button>
      </span>
      <Button onPress={() => setOpen("palette")} keys="Ctrl K">
        {s.overlays}
      </Button>
      <Button onPress={() => setOpen("keys")} keys="?">
        {s.details}
      </Button>
      <ConfirmDialog
        title={s.discharge}
        confirm={s.discharge}
        isOpen={open === "confirm"}
        onClose={close}
        onConfirm={close}
        danger
        typed={s.icu}
      >
        {s.discharge_text}
      </ConfirmDialog>
      <CommandPalette
        isOpen={open === "palette"}
        onClose={close}
        commands={[
          command("1", s.admit, s.buttons, "Ctrl+N"),
          command("2", s.transfer, s.buttons, "M"),
          command("3", s.lakshmi, s.patients),
          command("4", s.joseph, s.patients),
        ]}
      />
      <ShortcutHelp
        isOpen={open === "keys"}
        onClose={close}
        groups={[
          { title: s.buttons, shortcuts: [{ keys: ["Ctrl", "K"], label: s.overlays }] },
          { title: s.fields, shortcuts: [{ keys: ["Ctrl", "Enter"], label: s.details }] },
        ]}
      />
    </>
  );
}
