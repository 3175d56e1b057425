/** An address that leads nowhere. */
import { EmptyState } from "../components/EmptyState";
import { TextLink } from "../components/TextLink";
import { useText } from "../i18n/useText";

/** Says so and shows the way home. */
export function NotFound() {
  const t = useText();
  return (
    <main className="mx-auto max-w-xl p-8">
      <EmptyState
        title={t("layout.not_found")}
        action={<TextLink href="/">{t("layout.rail.warroom")}</TextLink>}
      >
        {t("layout.not_found.what")}
      </EmptyState>
    </main>
  );
}
