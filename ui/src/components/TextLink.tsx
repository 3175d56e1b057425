/** A link to another page of the window: `<TextLink href="/beds">`. */
import type { ReactNode } from "react";
import { Link } from "react-aria-components";

/** A link in running text or a table cell. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="rounded-sm font-medium text-accent underline underline-offset-2 hover:text-accent-strong"
    >
      {children}
    </Link>
  );
}
