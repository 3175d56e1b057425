/** Who looked at this record, for those who may read the audit log. */
import { useView } from "../../backend-context";
import { Loaded } from "../../components/Loaded";
import { AuditTable } from "../../entity/AuditTable";
import type { AuditLine } from "../../generated/wire";
import { useText } from "../../i18n/useText";

/** The part. */
export function WhoLookedPart({ patient }: { patient: string }) {
  const t = useText();
  const looked = useView<AuditLine[]>("who_looked", { patient }, { kinds: ["audit_event"] });
  return (
    <Loaded view={looked}>
      {(lines) => (
        <div className="flex flex-col gap-2">
          <h2 className="font-semibold">{t("patients.looked")}</h2>
          <p className="max-w-prose text-table text-soft">{t("patients.looked.what")}</p>
          <AuditTable
            caption={t("patients.looked")}
            lines={lines}
            isOfOnePatient
            empty={t("patients.looked.none")}
          />
        </div>
      )}
    </Loaded>
  );
}
