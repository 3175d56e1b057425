/** This computer: who it is for the district, where its key lies, when it locks. */
import { useAsked } from "../../backend-context";
import { Banner } from "../../components/Banner";
import { Fact } from "../../components/Fact";
import { Loaded } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { Status } from "../../components/Status";
import type { SyncPage } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { useFacilityName, useSession } from "../../session";
import { RecoveryPart } from "./RecoveryPart";
import { RekeyPart } from "./RekeyPart";

/** The facts. */
export function ComputerPart() {
  const t = useText();
  const facility = useFacilityName();
  const sync = useAsked<SyncPage>("sync_page").data;
  return (
    <Loaded view={useSession()}>
      {(status) => (
        <div className="flex flex-col gap-4">
          {status.secret_home === "file" && (
            <Banner tone="watch" title={t("settings.key.file")}>
              {t("settings.key.file.what")}
            </Banner>
          )}
          <Panel title={t("settings.computer")}>
            <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-table">
              <Fact label={t("kind.facility")}>{facility ?? t("common.not_recorded")}</Fact>
              <Fact label={t("settings.server")}>{status.server ?? t("settings.server.none")}</Fact>
              {sync && sync.server_words.length > 0 && (
                <Fact label={t("settings.words")}>
                  <span lang="en">{sync.server_words.join(" · ")}</span>
                </Fact>
              )}
              <Fact label={t("settings.device")}>{sync?.device ?? t("common.not_recorded")}</Fact>
              {sync && status.server && (
                <Fact label={t("settings.device.words")}>
                  <span lang="en">{sync.device_words.join(" · ")}</span>
                </Fact>
              )}
              <Fact label={t("settings.key")}>
                {status.secret_home === "file" ? (
                  <Status shape="triangle" tone="watch">
                    {t("settings.key.in_file")}
                  </Status>
                ) : (
                  <Status shape="tick" tone="ok">
                    {t("settings.key.in_store")}
                  </Status>
                )}
              </Fact>
              <Fact label={t("settings.lock")}>
                {t("settings.lock.after", { minutes: status.lock_after_minutes })}
              </Fact>
              <Fact label={t("settings.version")}>{status.version}</Fact>
            </dl>
          </Panel>
          <RecoveryPart status={status} />
          <RekeyPart />
        </div>
      )}
    </Loaded>
  );
}
