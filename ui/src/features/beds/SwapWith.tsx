/** Changing beds by menu, the twin of dragging one patient onto another: with whom? */
import { useState } from "react";
import { Button } from "../../components/Button";
import { ComboBox } from "../../components/ComboBox";
import { Dialog } from "../../components/Dialog";
import { SwapDialog, type Swapped } from "../../entity/movement/SwapDialog";
import { useTyped } from "../../entity/useTyped";
import type { BedBoard } from "../../generated/wire";
import { useText } from "../../i18n/useText";

export interface SwapWithProps {
  board: BedBoard;
  as_of: number;
  first: Swapped;
  onClose(): void;
}

/** Chooses the other patient, then asks once more. */
export function SwapWith({ board, as_of, first, onClose }: SwapWithProps) {
  const t = useText();
  const { typed, ...draft } = useTyped<{ other: string | null }>(`move/swap/${first.encounter}`, {
    other: null,
  });
  const { other } = typed;
  const [isChosen, setChosen] = useState(false);
  const others = board.wards.flatMap((ward) =>
    ward.beds.flatMap((bed) => {
      const patient = bed.occupant?.patient;
      if (!patient?.encounter || patient.encounter === first.encounter) return [];
      return [{ encounter: patient.encounter, name: patient.name, place: `${ward.name} ${bed.label}` }];
    }),
  );
  const leave = () => {
    draft.forget();
    onClose();
  };
  const second = others.find((each) => each.encounter === other);
  if (isChosen && second) return <SwapDialog {...{ first, second, as_of }} onClose={leave} />;
  if (!draft.isReady) return null;
  return (
    <Dialog
      title={t("movement.swap")}
      isOpen
      onClose={leave}
      actions={
        <>
          <Button variant="primary" size="large" onPress={() => setChosen(true)} data-primary>
            {t("ui.continue")}
          </Button>
          <Button size="large" onPress={leave}>
            {t("ui.cancel")}
          </Button>
        </>
      }
    >
      <p className="mb-4 font-semibold">{first.name}</p>
      <ComboBox
        id="beds-swap"
        label={t("beds.swap.with")}
        choices={others.map((each) => ({ id: each.encounter, label: each.name, detail: each.place }))}
        value={other}
        onChange={(chosen) => draft.type({ other: chosen })}
        error={isChosen && !second ? t("beds.swap.missing") : undefined}
        autoFocus
      />
    </Dialog>
  );
}
