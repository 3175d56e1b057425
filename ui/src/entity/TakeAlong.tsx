/** A table is taken along as a file: where, and for which program. Offered for tables without patients alone. */
import { FileDown } from "lucide-react";
import { useId, useState } from "react";
import { useCommand } from "../backend-context";
import { Banner } from "../components/Banner";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { ProblemBanner } from "../components/Loaded";
import { RadioGroup } from "../components/RadioGroup";
import { TextField } from "../components/TextField";
import type { TableArgs, TableCell, TableShape, TableWritten } from "../generated/wire";
import { useText } from "../i18n/useText";
import { usePreferences } from "../preferences";

const SHAPES: readonly TableShape[] = ["xlsx", "csv", "pdf"];

/** A column of the file: its head, and what of a row stands in it. */
export interface FileColumn<Row> {
  label: string;
  /** In the file, where it needs the unit that stands with each figure on the page. */
  fileLabel?: string;
  file(row: Row): TableCell | null;
}

export interface TakeAlongProps<Row> {
  title: string;
  /** What it is of: its days, its ward. */
  about: string;
  /** The file's name, without an ending and without anybody's. */
  name: string;
  columns: readonly FileColumn<Row>[];
  rows: readonly Row[];
}

/** The button, and its dialog. */
export function TakeAlong<Row>(props: TakeAlongProps<Row>) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        variant="quiet"
        icon={<FileDown className="size-4" aria-hidden="true" />}
        onPress={() => setOpen(true)}
      >
        {t("ui.take_along")}
      </Button>
      {isOpen && <TakeAlongDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

/** A whole number, or one with so many places. */
export function numberOf(digits: number, scale = 0): TableCell {
  return { digits, scale };
}

/** A decimal as the desk writes it, `1250.500`. */
export function decimalOf(text: string): TableCell {
  const [, places = ""] = text.split(".");
  return { digits: Number(text.replace(".", "")), scale: places.length };
}

function TakeAlongDialog<Row>(props: TakeAlongProps<Row> & { onClose(): void }) {
  const t = useText();
  const { language } = usePreferences();
  const form = useId();
  const write = useCommand<{ table: TableArgs }, TableWritten>("write_table");
  const [path, setPath] = useState(props.name);
  const [shape, setShape] = useState<TableShape>("xlsx");
  const [tried, setTried] = useState(false);
  const isMissing = path.trim() === "";
  const send = () => {
    setTried(true);
    if (isMissing || write.isPending) return;
    const table: TableArgs = {
      path: path.trim(),
      shape,
      language,
      title: props.title,
      about: props.about,
      columns: props.columns.map((column) => column.fileLabel ?? column.label),
      rows: props.rows.map((row) => props.columns.map((column) => column.file(row))),
    };
    write.mutate({ table });
  };
  const written = write.data;
  return (
    <Dialog
      title={t("ui.take_along.of", { title: props.title })}
      isOpen
      onClose={props.onClose}
      actions={
        written ? (
          <Button variant="primary" size="large" onPress={props.onClose}>
            {t("ui.take_along.done")}
          </Button>
        ) : (
          <>
            <Button type="submit" form={form} variant="primary" size="large" isPending={write.isPending}>
              {t("ui.take_along.write")}
            </Button>
            <Button size="large" onPress={props.onClose}>
              {t("ui.cancel")}
            </Button>
          </>
        )
      }
    >
      {written ? (
        <Banner tone="ok" title={t("ui.take_along.written", { path: written.path })}>
          <p>{t("ui.take_along.rows", { count: written.rows })}</p>
        </Banner>
      ) : (
        <form
          id={form}
          noValidate
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <p className="text-table text-pretty text-soft">{t("ui.take_along.what")}</p>
          {write.error && <ProblemBanner problem={write.error} />}
          <TextField
            id="table-path"
            label={t("ui.take_along.path")}
            hint={t("ui.take_along.path.hint")}
            value={path}
            onChange={setPath}
            autoFocus
            error={tried && isMissing ? t("ui.take_along.path.missing") : undefined}
          />
          <RadioGroup
            id="table-shape"
            label={t("ui.take_along.shape")}
            choices={SHAPES.map((id) => ({ id, label: t(`ui.take_along.${id}`) }))}
            value={shape}
            onChange={(id) => setShape(SHAPES.find((each) => each === id) ?? "xlsx")}
          />
        </form>
      )}
    </Dialog>
  );
}
