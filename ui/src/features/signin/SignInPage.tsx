/** Sign-in: it's me. Two presses from the last person's tile to their password. */
import { Navigate } from "@tanstack/react-router";
import { UserRound } from "lucide-react";
import { useState } from "react";
import { ClockBanner } from "../../clock-banner";
import { Button } from "../../components/Button";
import { Loaded } from "../../components/Loaded";
import type { DeskStatus, Tile } from "../../generated/wire";
import { useText } from "../../i18n/useText";
import { LanguageMenu, LookMenu } from "../../look-menus";
import { lastSeat, useSession } from "../../session";
import { DistrictLine } from "./DistrictLine";
import { PasswordForm } from "./PasswordForm";
import { PeopleTiles } from "./PeopleTiles";

/** The page. */
export function SignInPage() {
  return (
    <Loaded view={useSession()}>
      {(status) => {
        if (status.phase === "sign_in") return <SignIn status={status} />;
        const seat = lastSeat();
        const isSame = seat !== null && seat.username === status.who?.username;
        return <Navigate to={isSame ? seat.page : "/"} replace />;
      }}
    </Loaded>
  );
}

/** Who signs in: somebody shown, or somebody who types their username. */
type Chosen = Tile | "other" | null;

function SignIn({ status }: { status: DeskStatus }) {
  const t = useText();
  const [only, ...others] = status.people;
  const start: Chosen = only === undefined ? "other" : others.length === 0 ? only : null;
  const [chosen, setChosen] = useState<Chosen>(start);
  const person = chosen === "other" ? null : chosen;
  return (
    <main className="flex min-h-full flex-col">
      {status.sample && (
        <p className="training-stripes px-4 py-0.5 text-center text-small font-semibold">
          {t("layout.training")}
        </p>
      )}
      <div className="mx-auto flex w-full max-w-5xl flex-1 flex-col gap-5 px-6 py-6">
        <header className="flex items-start justify-between gap-4">
          <div className="min-w-0">
            <p className="text-table font-semibold text-soft">{t("common.product")}</p>
            <h1 className="text-title font-semibold tracking-[-0.01em]">
              {only ? t("signin.title") : t("signin.title.first")}
            </h1>
            <DistrictLine status={status} />
          </div>
          <div className="flex gap-1">
            <LookMenu />
            <LanguageMenu />
          </div>
        </header>
        <ClockBanner />
        <div className={only ? "grid items-start gap-5 sm:grid-cols-[1fr_340px]" : "max-w-md"}>
          {only && (
            <section className="flex min-w-0 flex-col gap-3">
              <PeopleTiles
                people={status.people}
                suspended={status.suspended}
                chosen={person?.username ?? null}
                onChoose={setChosen}
                isChosenOnStart={start !== null}
              />
              <div>
                <Button
                  variant="quiet"
                  size="large"
                  icon={<UserRound className="size-4" aria-hidden="true" />}
                  onPress={() => setChosen("other")}
                >
                  {t("signin.other")}
                </Button>
              </div>
            </section>
          )}
          <section className="panel p-5" aria-live="polite">
            {chosen === null ? (
              <p className="text-soft">{t("signin.choose")}</p>
            ) : (
              <PasswordForm key={person?.username ?? "other"} person={person} />
            )}
          </section>
        </div>
      </div>
    </main>
  );
}
