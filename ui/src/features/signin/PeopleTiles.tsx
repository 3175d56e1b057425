/** The people of this computer as tiles: arrows move, letters jump to a name, Enter chooses. */
import { clsx } from "clsx";
import { useEffect, useRef } from "react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { Status } from "../../components/Status";
import type { Tile } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { lastSeat } from "../../session";
import { initialsOf } from "./initials";

export interface PeopleTilesProps {
  people: readonly Tile[];
  /** Of these, whose password opens nothing here any more. */
  suspended: readonly string[];
  /** The username whose password is asked. */
  chosen: string | null;
  onChoose(person: Tile): void;
  /** The password is asked at once, so the tiles leave the focus alone. */
  isChosenOnStart: boolean;
}

/** The tiles; the one who was here last has the focus. */
export function PeopleTiles({ people, suspended, chosen, onChoose, isChosenOnStart }: PeopleTilesProps) {
  const t = useText();
  const box = useRef<HTMLDivElement>(null);
  const isOpen = !isChosenOnStart && chosen === null;
  useEffect(() => {
    if (!isOpen) return;
    // The tiles are there one drawing later; whoever chooses before that keeps the focus in the password.
    const drawn = requestAnimationFrame(() => {
      const tiles = [...(box.current?.querySelectorAll<HTMLElement>("[data-key]") ?? [])];
      const last = tiles.find((tile) => tile.dataset.key === lastSeat()?.username);
      (last ?? tiles[0])?.focus();
    });
    return () => cancelAnimationFrame(drawn);
  }, [isOpen]);
  return (
    <ListBox
      ref={box}
      aria-label={t("signin.people")}
      layout="grid"
      items={people}
      dependencies={[chosen, suspended]}
      selectionMode="none"
      onAction={(username) => {
        const person = people.find((each) => each.username === username);
        if (person) onChoose(person);
      }}
      className="-m-1 grid max-h-[62vh] grid-cols-[repeat(auto-fill,minmax(216px,1fr))] gap-2 overflow-auto p-1"
    >
      {(person) => (
        <ListBoxItem
          id={person.username}
          textValue={person.name}
          className={clsx(
            "panel flex min-h-16 cursor-pointer items-center gap-3 px-3 py-2 hover:border-edge hover:bg-hover focus-visible:outline-offset-1",
            chosen === person.username && "border-accent! bg-accent-tint!",
          )}
        >
          <span
            aria-hidden="true"
            className="flex size-10 shrink-0 items-center justify-center rounded-full bg-rail text-body font-semibold text-rail-ink"
          >
            {initialsOf(person.name)}
          </span>
          <span className="min-w-0">
            <span className="block font-semibold [overflow-wrap:anywhere]">{person.name}</span>
            <span className="block text-small text-soft">{t(`code.role.${person.role}`)}</span>
            {suspended.includes(person.person) && (
              <Status shape="cross" tone="problem">
                {t("signin.suspended")}
              </Status>
            )}
          </span>
        </ListBoxItem>
      )}
    </ListBox>
  );
}
