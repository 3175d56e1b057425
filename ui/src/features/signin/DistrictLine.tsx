/** Whether the computer is on the network, and when it last heard from the district. */
import { useEffect, useState } from "react";
import { Status } from "../../components/Status";
import type { DeskStatus } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";

/** The line under the title. */
export function DistrictLine({ status }: { status: DeskStatus }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  const isOnline = useOnline();
  if (status.server === null) return <p className="text-table text-soft">{t("signin.alone")}</p>;
  const heard_ms = status.sync.last_contact;
  return (
    <p className="flex flex-wrap items-center gap-x-4 text-table text-soft">
      {isOnline ? (
        <Status shape="disc" tone="ok">
          {t("signin.online")}
        </Status>
      ) : (
        <Status shape="half" tone="watch">
          {t("signin.offline")}
        </Status>
      )}
      <span>
        {heard_ms === null
          ? t("signin.not_heard")
          : t("signin.heard", { ago: format.ago(heard_ms, now_ms), time: format.dateTime(heard_ms) })}
      </span>
      {status.sync.waiting > 0 && (
        <span className="w-full font-medium text-ink">
          {t("signin.waiting", { count: status.sync.waiting })}
        </span>
      )}
    </p>
  );
}

/** Whether the operating system has a network at all. */
function useOnline(): boolean {
  const [isOnline, setOnline] = useState(() => navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    window.addEventListener("online", look);
    window.addEventListener("offline", look);
    return () => {
      window.removeEventListener("online", look);
      window.removeEventListener("offline", look);
    };
  }, []);
  return isOnline;
}
