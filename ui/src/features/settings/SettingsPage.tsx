/** Settings: people, wards and beds, items, this computer, look, backup. */
import { useMay } from "../../access";
import { Loaded } from "../../components/Loaded";
import { PageHeader } from "../../components/PageHeader";
import { type TabPart, Tabs } from "../../components/Tabs";
import { useText } from "../../i18n/useText";
import { useFacilityName, useSession } from "../../session";
import { BackupPart } from "./BackupPart";
import { ComputerPart } from "./ComputerPart";
import { ItemsPart } from "./ItemsPart";
import { LookPart } from "./LookPart";
import { PeoplePart } from "./PeoplePart";
import { WardsPart } from "./WardsPart";
import { YouPart } from "./YouPart";

/** The page; parts of the facility show to whoever may see them. */
export function SettingsPage() {
  const t = useText();
  const may = useMay();
  const facility = useFacilityName();
  const session = useSession();
  const parts: TabPart[] = [];
  if (may("see", "person"))
    parts.push({ id: "people", label: t("settings.people"), content: <PeoplePart /> });
  if (may("see", "bed")) parts.push({ id: "wards", label: t("settings.wards"), content: <WardsPart /> });
  if (may("see", "item")) parts.push({ id: "items", label: t("settings.items"), content: <ItemsPart /> });
  parts.push(
    { id: "you", label: t("settings.you"), content: <YouPart /> },
    { id: "computer", label: t("settings.computer"), content: <ComputerPart /> },
    { id: "look", label: t("settings.look"), content: <LookPart /> },
    { id: "backup", label: t("settings.backup"), content: <BackupPart /> },
  );
  return (
    <>
      <PageHeader title={t("layout.rail.settings")} detail={facility} />
      <Loaded view={session}>{() => <Tabs label={t("layout.rail.settings")} parts={parts} />}</Loaded>
    </>
  );
}
