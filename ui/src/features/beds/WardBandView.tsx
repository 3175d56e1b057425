/** One ward as a band: its name, its figures, its beds in bed order. */
import type { ReactNode } from "react";
import { Bar } from "../../components/Bar";
import type { WardBand } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The band; `children` are its tiles. */
export function WardBandView({ ward, children }: { ward: WardBand; children: ReactNode }) {
  const t = useText();
  const { free, occupied, total } = ward.figures;
  return (
    <section aria-label={ward.name} className="panel p-3">
      <header className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 className="text-body font-semibold">{ward.name}</h2>
        <span className="text-table text-soft">
          {t("beds.band", { free, occupied, total })}
          {ward.staffed_beds !== null && ward.staffed_beds < total
            ? ` · ${t("beds.staffed", { beds: ward.staffed_beds })}`
            : ""}
        </span>
        <span className="w-40">
          <Bar
            label={t("beds.occupancy", { ward: ward.name })}
            used={occupied}
            total={total}
            wordsAre="hidden"
          />
        </span>
      </header>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(148px,1fr))] gap-2" data-band={ward.name}>
        {children}
      </div>
    </section>
  );
}
