/** A link that looks like a button: it leads to another page, or another address of this one. */
import { clsx } from "clsx";
import { Link } from "react-aria-components";

/** The link. */
export function ButtonLink(props: { href: string; isPrimary?: boolean; children: string }) {
  return (
    <Link
      href={props.href}
      data-primary={props.isPrimary ? "" : undefined}
      className={clsx(
        "inline-flex min-h-8 shrink-0 items-center rounded-control border px-3 font-medium no-underline",
        props.isPrimary
          ? "border-transparent bg-accent text-on-accent hover:bg-accent-strong"
          : "border-edge bg-panel text-ink hover:border-ink hover:bg-hover",
      )}
    >
      {props.children}
    </Link>
  );
}
