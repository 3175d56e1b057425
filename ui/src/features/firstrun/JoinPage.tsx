/** Joining a district with the invitation its admin made. */
import type { UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";
import type { BackendProblem } from "../../backend";
import { ErrorSummary } from "../../components/ErrorSummary";
import { TextField } from "../../components/TextField";
import { useFormErrors } from "../../components/useFormErrors";
import type { JoinedShown } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { readInvitation } from "./invitation";
import { SetupProblem } from "./SetupProblem";
import { StepFrame } from "./StepFrame";

/** What the desk needs to join. */
export type JoinArgs = { address: string; code: string; desk_name: string };

export interface JoinPageProps {
  join: UseMutationResult<JoinedShown, BackendProblem, JoinArgs>;
  onBack(): void;
}

/** More letters than this at once were not typed. */
const PASTED = 4;

/** The third page, for joining. */
export function JoinPage({ join, onBack }: JoinPageProps) {
  const t = useText();
  const [address, setAddress] = useState("");
  const [code, setCode] = useState("");
  const [deskName, setDeskName] = useState("");
  const { errors, attempt, errorOf, isRight } = useFormErrors();

  const take = (text: string) => {
    const both = readInvitation(text);
    setAddress(both?.address ?? text);
    if (both) setCode(both.code);
    return both;
  };
  // A pasted invitation is parted at once; one that is typed, when it is whole.
  const takeAddress = (text: string) => {
    if (text.length - address.length > PASTED) take(text);
    else setAddress(text);
  };
  const send = () => {
    const both = take(address) ?? { address, code };
    const found = [
      { field: "join-address", text: both.address.trim() ? "" : t("problem.invitation_no_address") },
      { field: "join-code", text: both.code.trim() ? "" : t("problem.invitation_no_code") },
      { field: "join-desk", text: deskName.trim() ? "" : t("firstrun.join.desk.missing") },
    ];
    if (isRight(found))
      join.mutate({ address: both.address.trim(), code: both.code.trim(), desk_name: deskName.trim() });
  };

  return (
    <StepFrame
      step={3}
      title={t("firstrun.join")}
      detail={t("firstrun.join.detail")}
      next={t("firstrun.join.do")}
      onNext={send}
      onBack={onBack}
      isPending={join.isPending}
      pending={t("firstrun.join.pending")}
    >
      <ErrorSummary errors={errors} attempt={attempt} />
      {join.error && errors.length === 0 && <SetupProblem problem={join.error} />}
      <TextField
        id="join-address"
        label={t("firstrun.join.address")}
        hint={t("firstrun.join.address.hint")}
        value={address}
        onChange={takeAddress}
        error={errorOf("join-address")}
        autoFocus
      />
      <TextField
        id="join-code"
        label={t("firstrun.join.code")}
        hint={t("firstrun.join.code.hint")}
        value={code}
        onChange={setCode}
        error={errorOf("join-code")}
      />
      <TextField
        id="join-desk"
        label={t("firstrun.join.desk")}
        hint={t("firstrun.join.desk.hint")}
        value={deskName}
        onChange={setDeskName}
        maxLength={60}
        error={errorOf("join-desk")}
      />
    </StepFrame>
  );
}
