/** The person signed in: what they may do here, until when without the network, and their password. */
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/Button";
import { Fact } from "../../components/Fact";
import { Loaded } from "../../components/Loaded";
import { Panel } from "../../components/Panel";
import { useFormat, useText } from "../../i18n/useText";
import { useSession } from "../../session";
import { ChangePassword } from "./ChangePassword";

/** The facts, and the button. */
export function YouPart() {
  const t = useText();
  const format = useFormat();
  const [isChanging, setChanging] = useState(false);
  return (
    <Loaded view={useSession()}>
      {({ who, server }) =>
        who && (
          <Panel title={who.name}>
            <dl className="mb-3 grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-table">
              <Fact label={t("common.username")}>{who.username}</Fact>
              <Fact label={t("field.person.role")}>{t(`code.role.${who.role}`)}</Fact>
            </dl>
            <p className="mb-3 max-w-prose text-table text-soft">
              {server === null
                ? t("settings.you.alone")
                : who.has_run_out || who.not_after === null
                  ? t("settings.you.ran_out")
                  : t("settings.you.until", { until: format.dateTime(who.not_after) })}
            </p>
            <Button
              icon={<KeyRound className="size-4" aria-hidden="true" />}
              onPress={() => setChanging(true)}
            >
              {t("password.change")}
            </Button>
            {isChanging && <ChangePassword onClose={() => setChanging(false)} />}
          </Panel>
        )
      }
    </Loaded>
  );
}
