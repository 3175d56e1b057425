/** The bed board: who lies where, and where a patient could be put. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useSeen } from "../../backend-context";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { AdmitDialog } from "../../entity/movement/AdmitDialog";
import type { BedBoard } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { BedsAlong } from "./BedsAlong";
import { Board } from "./Board";
import { Filters } from "./Filters";
import type { Filter } from "./grid";
import { ShowOnWall } from "./ShowOnWall";

const KINDS = ["ward", "bed", "bed_stay", "bed_hold", "encounter", "patient", "round"];

/** The page. */
export function BedsPage() {
  const t = useText();
  const seen = useSeen<BedBoard>("bed_board", null, { kinds: KINDS });
  const navigate = useNavigate();
  // The palette leads here to admit somebody, without a bed in mind.
  const isAdmitting = new URLSearchParams(useLocation().searchStr).get("do") === "admit";
  const [filter, setFilter] = useState<Filter>({ ward: null, status: null, bed_type: null });
  return (
    <div className="flex flex-col gap-3">
      <PageHeader
        title={t("beds.title")}
        detail={t("beds.detail")}
        actions={
          <>
            {seen.data && seen.data.data.wards.length > 0 && <BedsAlong board={seen.data.data} />}
            <ShowOnWall />
          </>
        }
      />
      <Loaded
        view={seen}
        isEmpty={({ data }) => data.wards.length === 0}
        empty={<EmptyState title={t("beds.empty")}>{t("beds.empty.what")}</EmptyState>}
      >
        {({ data, as_of }) => (
          <>
            <Filters board={data} filter={filter} onChange={setFilter} />
            <Board board={data} as_of={as_of} filter={filter} />
            {isAdmitting && (
              <AdmitDialog
                board={data}
                as_of={as_of}
                onClose={() => navigate({ to: "/beds", search: {}, replace: true })}
              />
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}
