/** The rail at the left: the main parts, each with its word and its key. */
import { useLocation } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Link } from "react-aria-components";
import { useText } from "../i18n/useText";
import { keyOf, sectionAt, useSections } from "./sections";

/** The rail. */
export function Rail() {
  const t = useText();
  const { pathname } = useLocation();
  const sections = useSections();
  return (
    <nav
      aria-label={t("layout.main")}
      className="screen-only flex w-(--rail-width) shrink-0 flex-col gap-0.5 overflow-y-auto border-r border-transparent bg-rail py-1 forced-colors:border-[CanvasText]"
    >
      {sections.map((section, index) => {
        const isHere = sectionAt(pathname) === section;
        return (
          <Link
            key={section.href}
            href={section.href}
            aria-current={isHere ? "page" : undefined}
            aria-keyshortcuts={`Alt+${keyOf(index)}`}
            className={clsx(
              "mx-px flex min-h-12 flex-col items-center justify-center gap-1 rounded-control py-1.5 text-center text-[10.5px] leading-3 text-rail-ink no-underline hover:bg-rail-current -outline-offset-2 focus-visible:outline-white lang-ml:text-[11.5px] lang-ml:leading-4",
              isHere && "bg-rail-current text-white shadow-[inset_3px_0_0_white]",
            )}
          >
            <section.sign className="size-5 shrink-0" aria-hidden="true" strokeWidth={1.75} />
            <span className="max-w-full [overflow-wrap:anywhere]">{t(section.word)}</span>
          </Link>
        );
      })}
    </nav>
  );
}
