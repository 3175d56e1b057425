/** A code by which another computer may join: shown once, with the words that both screens must show. */
import { useState } from "react";
import { useCommand } from "../../backend-context";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Fact } from "../../components/Fact";
import { DistrictProblem } from "../../components/PasswordAnew";
import { Select } from "../../components/Select";
import { TextField } from "../../components/TextField";
import { inOrder, textOf, useRecords } from "../../entity/records";
import type { DeskInvited } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

const LONGEST_NAME = 100;

/** The dialog, open as long as it is drawn. Who sees to one facility alone invites into that. */
export function InviteDesk(props: { own: string | null; mayChoose: boolean; onClose(): void }) {
  const t = useText();
  const invite = useCommand<{ facility: string; name: string }, DeskInvited>("invite_desk");
  const facilities = useRecords("facility").data?.data ?? [];
  const [facility, setFacility] = useState(props.own);
  const [name, setName] = useState("");
  const send = () => {
    if (!invite.isPending && facility !== null) invite.mutate({ facility, name });
  };
  // A code that was made is to be seen.
  const close = () => !invite.isPending && props.onClose();
  return (
    <Dialog
      title={t("desks.invite")}
      isOpen
      onClose={close}
      actions={
        invite.data ? (
          <Button variant="primary" onPress={close}>
            {t("desks.invite.done")}
          </Button>
        ) : (
          <>
            <Button variant="primary" isPending={invite.isPending} onPress={send}>
              {t("desks.invite.do")}
            </Button>
            <Button onPress={close}>{t("ui.cancel")}</Button>
          </>
        )
      }
    >
      {invite.data ? (
        <Invited invited={invite.data} />
      ) : (
        <div className="flex flex-col gap-3">
          <p>{t("desks.invite.what")}</p>
          {props.mayChoose && (
            <Select
              id="invite-facility"
              label={t("kind.facility")}
              value={facility}
              onChange={setFacility}
              choices={inOrder(facilities, "name").map((each) => ({
                id: each.id,
                label: textOf(each, "name"),
              }))}
            />
          )}
          <TextField
            id="invite-name"
            label={t("desks.name")}
            hint={t("desks.invite.name.hint")}
            value={name}
            onChange={setName}
            maxLength={LONGEST_NAME}
            onEnter={send}
            autoFocus
          />
          {invite.error && <DistrictProblem problem={invite.error} onConfirmed={send} />}
        </div>
      )}
    </Dialog>
  );
}

/** What was made, as it is carried to the other computer. */
function Invited({ invited }: { invited: DeskInvited }) {
  const t = useText();
  const format = useFormat();
  const secret = "font-mono text-body font-semibold select-all";
  return (
    <div className="flex flex-col gap-3" aria-live="polite">
      <p>{t("desks.invite.once", { facility: invited.facility_name })}</p>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-table">
        <Fact label={t("desks.invite.address")}>
          <span lang="en" translate="no" className={secret}>
            {invited.address}
          </span>
        </Fact>
        <Fact label={t("desks.invite.code")}>
          <span lang="en" translate="no" className={secret}>
            {invited.code}
          </span>
        </Fact>
        <Fact label={t("desks.invite.line")}>
          <span lang="en" translate="no" className="font-mono text-small select-all">
            {invited.join}
          </span>
        </Fact>
        <Fact label={t("desks.invite.words")}>
          <span lang="en" translate="no" className="font-semibold">
            {invited.words.join(" · ")}
          </span>
        </Fact>
        <Fact label={t("desks.invite.until")}>{format.dateTime(invited.expires)}</Fact>
      </dl>
      <p className="text-table text-soft">{t("desks.invite.words.what")}</p>
    </div>
  );
}
