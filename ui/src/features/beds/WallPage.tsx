/** The board on the wall: every bed by its number with its state, over the whole screen. The desk tells this page of nobody. */
import { Navigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Lock } from "lucide-react";
import { useEffect } from "react";
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
    <main className="flex h-full flex-col overflow-auto px-6 py-4">
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
      <div className="flex flex-col gap-5">
        {board.wards.map((ward) => (
          <Ward key={ward.id} ward={ward} />
        ))}
      </div>
      <span className="flex-1" />
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

function Ward({ ward }: { ward: WallWard }) {
  const t = useText();
  const { free, occupied, total } = ward.figures;
  return (
    <section aria-label={ward.name}>
      <h2 className="mb-2 text-body font-semibold">
        {ward.name} <span className="font-normal text-soft">{t("beds.band", { free, occupied, total })}</span>
      </h2>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(148px,1fr))] gap-2">
        {ward.beds.map((bed) => (
          <Bed key={bed.id} bed={bed} />
        ))}
      </ul>
    </section>
  );
}

function Bed({ bed }: { bed: WallBed }) {
  const t = useText();
  const look = STATUS_LOOK[bed.status];
  return (
    <li data-status={bed.status} className="panel flex items-center justify-between gap-2 px-3 py-2">
      <span className="text-title font-semibold tabular-nums">{bed.label}</span>
      <span className={clsx("flex min-w-0 items-center gap-1.5 text-small font-medium", TONE_INK[look.tone])}>
        <Shape name={look.shape} />
        {t(`beds.status.${bed.status}`)}
      </span>
    </li>
  );
}
