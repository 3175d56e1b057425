/** The board on the wall: every bed by its number with its state, over the whole screen. The desk tells this page of nobody. */
import { Navigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Lock } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { WALL_ROLE } from "../../access";
import { useBackend, useCommand, useView } from "../../backend-context";
import { Button } from "../../components/Button";
import { Loaded } from "../../components/Loaded";
import { Shape } from "../../components/Shape";
import { Status } from "../../components/Status";
import { TONE_INK } from "../../components/Tone";
import type { WallBed, WallBoard, WallWard } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { useSession } from "../../session";
import { STATUS_LOOK, STATUSES } from "./look";

/** The page. */
export function WallPage() {
  const status = useSession().data;
  const backend = useBackend();
  const isOnWall = status?.who?.role === WALL_ROLE;
  const seen = useView<WallBoard>("wall", null, {
    kinds: ["facility", "ward", "bed", "bed_stay", "bed_hold", "encounter"],
    enabled: isOnWall,
  });
  useEffect(() => {
    backend.fillScreen(true);
    return () => backend.fillScreen(false);
  }, [backend]);
  if (status?.phase === "open" && !isOnWall) return <Navigate to="/beds" replace />;
  return <Loaded view={seen}>{(board) => <Wall board={board} />}</Loaded>;
}

function Wall({ board }: { board: WallBoard }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const lock = useCommand<Record<string, never>, null>("lock");
  return (
    <main className="flex h-full flex-col px-6 py-4">
      <header className="mb-4 flex flex-wrap items-center gap-x-8 gap-y-2">
        <h1 className="text-title font-semibold">{board.facility}</h1>
        <p className="text-title font-semibold text-ok">
          {t("beds.wall.free", { free: board.figures.free })}
        </p>
        <p className="text-body text-soft">
          {t("beds.band", {
            free: board.figures.free,
            occupied: board.figures.occupied,
            total: board.figures.total,
          })}
        </p>
        <span className="flex-1" />
        <AsOfHere />
        <time className="text-title font-semibold tabular-nums">{format.time(now_ms)}</time>
      </header>
      <Wards wards={board.wards} />
      <footer className="mt-4 flex flex-wrap items-center gap-x-6 gap-y-1 text-table">
        {STATUSES.map((state) => (
          <Status key={state} {...STATUS_LOOK[state]}>
            {t(`beds.status.${state}`)}
          </Status>
        ))}
        <span className="flex-1" />
        <Button icon={<Lock className="size-4" />} onPress={() => lock.mutate({})}>
          {t("beds.wall.leave")}
        </Button>
      </footer>
    </main>
  );
}

/** When others were heard last, where that is long ago: a board that looks current and is not sends people to taken beds. */
function AsOfHere() {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const sync = useSession().data?.sync;
  if (!sync || sync.state === "stands_alone") return null;
  const heard = sync.last_contact;
  if (heard !== null && now_ms - heard < 30 * 60_000) return null;
  return (
    <Status shape="half" tone="watch">
      {heard === null ? t("as_of.others.never") : t("as_of.others", { when: format.dateTime(heard) })}
    </Status>
  );
}

/** Nobody scrolls a wall: where the beds do not fit they stand closer, and the foot of the page says what each shape means. */
function Wards({ wards }: { wards: WallWard[] }) {
  const all = useRef<HTMLDivElement>(null);
  const [isClose, standClose] = useState(false);
  useLayoutEffect(() => {
    const measure = () => standClose((is) => is || tooTall(all.current));
    const again = () => {
      standClose(false);
      requestAnimationFrame(measure);
    };
    measure();
    window.addEventListener("resize", again);
    return () => window.removeEventListener("resize", again);
  });
  return (
    <div
      ref={all}
      className={clsx("flex min-h-0 flex-1 flex-col overflow-auto", isClose ? "gap-2" : "gap-5")}
    >
      {wards.map((ward) => (
        <Ward key={ward.id} ward={ward} isClose={isClose} />
      ))}
    </div>
  );
}

function tooTall(all: HTMLElement | null): boolean {
  return all !== null && all.scrollHeight > all.clientHeight;
}

function Ward({ ward, isClose }: { ward: WallWard; isClose: boolean }) {
  const t = useText();
  const { free, occupied, total } = ward.figures;
  return (
    <section aria-label={ward.name}>
      <h2 className={clsx("font-semibold", isClose ? "mb-1 text-table" : "mb-2 text-body")}>
        {ward.name} <span className="font-normal text-soft">{t("beds.band", { free, occupied, total })}</span>
      </h2>
      <ul
        className={clsx(
          "grid",
          isClose
            ? "grid-cols-[repeat(auto-fill,minmax(72px,1fr))] gap-1"
            : "grid-cols-[repeat(auto-fill,minmax(148px,1fr))] gap-2",
        )}
      >
        {ward.beds.map((bed) => (
          <Bed key={bed.id} bed={bed} isClose={isClose} />
        ))}
      </ul>
    </section>
  );
}

function Bed({ bed, isClose }: { bed: WallBed; isClose: boolean }) {
  const t = useText();
  const look = STATUS_LOOK[bed.status];
  return (
    <li
      data-status={bed.status}
      className={clsx("panel flex items-center justify-between gap-2", isClose ? "px-2 py-1" : "px-3 py-2")}
    >
      <span className="min-w-0 truncate text-title font-semibold tabular-nums" title={bed.label}>
        {bed.label}
      </span>
      <span className={clsx("flex min-w-0 items-center gap-1.5 text-small font-medium", TONE_INK[look.tone])}>
        <Shape name={look.shape} />
        <span className={clsx(isClose && "sr-only")}>{t(`beds.status.${bed.status}`)}</span>
      </span>
    </li>
  );
}
