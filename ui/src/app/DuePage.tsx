/** The district asks for a second factor before it renews somebody's right to work without it. Until then they work on under the one they have. */
import { Button } from "../components/Button";
import { PageHeader } from "../components/PageHeader";
import { PasswordAnew } from "../components/PasswordAnew";
import { useText } from "../i18n/useText";

/** The page; `onLater` goes on without. */
export function DuePage({ name, onLater }: { name: string; onLater(): void }) {
  const t = useText();
  return (
    <main className="mx-auto flex w-full max-w-xl flex-col gap-4 p-6">
      <PageHeader title={t("factor.title")} detail={name} />
      <p>{t("factor.due")}</p>
      <PasswordAnew what={t("factor.due.password")} onConfirmed={onLater} />
      <div>
        <Button variant="quiet" onPress={onLater}>
          {t("factor.later")}
        </Button>
      </div>
    </main>
  );
}
