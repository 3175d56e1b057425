/** Two admitted patients change beds. */
import type { SwapArgs } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { MoveFrame } from "./MoveFrame";
import type { Moment } from "./moment";
import { useMove } from "./useMove";
import { When } from "./When";

/** One of the two. */
export interface Swapped {
  encounter: string;
  name: string;
  place: string;
}

/** The dialog: who goes where, before it is done. */
export function SwapDialog({
  first,
  second,
  as_of,
  onClose,
}: {
  first: Swapped;
  second: Swapped;
  as_of: number;
  onClose(): void;
}) {
  const t = useText();
  const move = useMove<SwapArgs, { when: Moment | null }>({
    name: "swap",
    about: () => `${first.name}, ${second.name}`,
    draft: `move/swap/${first.encounter}/${second.encounter}`,
    start: { when: null },
    as_of,
    argsOf: (_, at) => ({ first: first.encounter, second: second.encounter, at }),
    onClose,
  });
  return (
    <MoveFrame title={t("movement.swap")} move={move} confirm={t("movement.swap.do")} isComplete>
      <ul className="flex flex-col gap-2">
        <li>{t("movement.swap.goes", { name: first.name, place: second.place })}</li>
        <li>{t("movement.swap.goes", { name: second.name, place: first.place })}</li>
      </ul>
      <When {...move.when} />
    </MoveFrame>
  );
}
