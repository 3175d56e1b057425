/** The palette of the window: what can be done, and the patients found while typing. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../access";
import { useView } from "../backend-context";
import { type Command, CommandPalette } from "../components/CommandPalette";
import type { PatientLine } from "../generated/wire";
import { useText } from "../i18n/useText";

/** As many patients as fit beside the commands. */
const MOST = 8;

/** The palette, for those who may see patients with their names. */
export function Palette(props: { isOpen: boolean; onClose(): void; commands: readonly Command[] }) {
  const t = useText();
  const may = useMay();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const isSearching = props.isOpen && typed.trim().length >= 2 && may("see", "patient");
  const lines = useView<PatientLine[]>(
    "find_patients",
    { text: typed, most: MOST },
    // Nobody found by an earlier text may stand under Enter.
    { enabled: isSearching, kinds: ["patient", "encounter", "bed_stay"] },
  );
  const found = (isSearching ? (lines.data ?? []) : []).map((line) => ({
    id: `patient ${line.patient}`,
    label: line.name,
    detail: [line.bed && `${line.ward ?? ""} ${line.bed}`, line.phone].filter(Boolean).join(" · "),
    group: t("layout.rail.patients"),
    run: () => navigate({ to: "/patients/$id", params: { id: line.patient } }),
  }));
  return <CommandPalette {...props} onSearch={setTyped} found={found} />;
}
