/** Records a movement of an item, or corrects one: the wrong entry is voided and replaced in one save. */
import { type FormEvent, useId } from "react";
import { useSave } from "../../backend-context";
import { Button } from "../../components/Button";
import { ComboBox } from "../../components/ComboBox";
import { Dialog } from "../../components/Dialog";
import { RadioGroup } from "../../components/RadioGroup";
import { TextField } from "../../components/TextField";
import { FormProblems } from "../../entity/FormProblems";
import { useFaults } from "../../entity/useFaults";
import { useQuantity } from "../../entity/useQuantity";
import { useSaySaved } from "../../entity/useSaySaved";
import { useTyped } from "../../entity/useTyped";
import type { StockLine } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { MovementField } from "./MovementField";
import { correctionOf, entryOf, fieldsOf, MOVEMENTS, type Sheet } from "./movement";

interface MovementProps {
  lines: readonly StockLine[];
  /** The moment of the view the person saw. */
  as_of: number;
  start: Sheet;
  /** The entry that is corrected, with the moment it tells of. */
  corrects?: { id: string; at: number; expected: string | null };
  onClose(): void;
}

/** The dialog. */
export function MovementDialog({ lines, as_of, start, corrects, onClose }: MovementProps) {
  const t = useText();
  const saySaved = useSaySaved();
  const write = useQuantity();
  const save = useSave();
  const form = useId();
  const about = corrects?.id ?? `${start.item ?? "any"}/${start.movement ?? "any"}`;
  const { typed: sheet, ...draft } = useTyped<Sheet>(`move/stock/${about}`, start);
  const faults = useFaults("stock_entry", save.error);
  const movement = sheet.movement ?? "receive";
  const line = lines.find((each) => each.item === sheet.item);
  const expected = corrects?.expected ?? line?.balance ?? "0";
  const isWhyMissing = corrects !== undefined && !sheet.void_reason?.trim();
  const missing = isWhyMissing && faults.isTried ? t("stock.why.missing") : undefined;
  const errors = [
    ...(missing ? [{ field: "stock_entry.void_reason", text: missing }] : []),
    ...faults.errors,
  ];

  const change = (field: string, value: string | null, problem?: string) => {
    faults.typed(field, problem);
    draft.type({ [field]: value });
  };
  const leave = () => {
    draft.forget();
    onClose();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    faults.tried();
    if (faults.isUntyped || isWhyMissing) return;
    const fields = entryOf(sheet, expected, corrects?.at ?? Date.now());
    const drafts = corrects
      ? correctionOf(corrects.id, sheet.void_reason ?? "", fields)
      : [{ kind: "stock_entry", id: null, fields }];
    save.mutate(
      { drafts, as_of, confirmed: faults.confirmed },
      {
        onSuccess: (saved) => {
          saySaved(saved.action, `${t(`code.movement.${movement}`)}: ${line?.name ?? ""}`);
          leave();
        },
      },
    );
  };
  const isKnown = MOVEMENTS.some((each) => each === movement);
  if (!draft.isReady) return null;

  return (
    <Dialog
      title={t(corrects ? "stock.correct.title" : "stock.record")}
      isOpen
      onClose={leave}
      actions={
        <>
          <Button
            type="submit"
            form={form}
            variant="primary"
            size="large"
            isPending={save.isPending}
            data-primary
          >
            {t(corrects ? "stock.correct.save" : `stock.do.${movement}`)}
          </Button>
          <Button size="large" onPress={leave}>
            {t("ui.cancel")}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={send}
        onKeyDown={(event) => {
          if (event.key === "Enter" && event.ctrlKey) event.currentTarget.requestSubmit();
        }}
      >
        {draft.isBack && <p className="text-table text-soft">{t("form.brought_back")}</p>}
        <FormProblems form={{ ...faults, errors }} />
        {start.item ? (
          <p className="font-semibold">{line?.name}</p>
        ) : (
          <ComboBox
            id="stock_entry.item"
            label={t("field.stock_entry.item")}
            choices={lines.map((each) => ({
              id: each.item,
              label: each.name,
              detail: write(each.balance, each.unit),
            }))}
            value={sheet.item ?? null}
            onChange={(item) => change("item", item)}
            error={faults.errorOf("item")}
            autoFocus
          />
        )}
        {isKnown ? (
          <RadioGroup
            id="stock_entry.movement"
            label={t("field.stock_entry.movement")}
            layout="row"
            choices={MOVEMENTS.map((id) => ({ id, label: t(`stock.do.${id}`) }))}
            value={movement}
            onChange={(next) => change("movement", next)}
          />
        ) : (
          <p>{t(`code.movement.${movement}`)}</p>
        )}
        {line && (
          <p className="text-table text-soft">
            {t(movement === "count" ? "stock.expected" : "stock.have", {
              quantity: write(expected, line.unit),
            })}
          </p>
        )}
        <div className="grid grid-cols-2 items-start gap-4">
          {fieldsOf(movement).map((field, index) => (
            <MovementField
              key={field}
              field={field}
              unit={line?.unit ?? null}
              value={sheet[field] ?? null}
              expected={expected}
              onChange={(value, problem) => change(field, value, problem)}
              error={faults.errorOf(field)}
              autoFocus={index === 0 && Boolean(start.item)}
            />
          ))}
        </div>
        {corrects && (
          <TextField
            id="stock_entry.void_reason"
            label={t("stock.why")}
            value={sheet.void_reason ?? ""}
            onChange={(reason) => change("void_reason", reason)}
            maxLength={200}
            error={missing}
          />
        )}
      </form>
    </Dialog>
  );
}
