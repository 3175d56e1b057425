/** A button. One `primary` on a screen; the rest `secondary`; `quiet` inside tables; `danger` for what cannot be taken back. */
import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { Spinner } from "./Loading";

export interface ButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style"> {
  variant?: "primary" | "secondary" | "quiet" | "danger";
  /** 32 px, or 40 px for what is touched. */
  size?: "normal" | "large";
  icon?: ReactNode;
  /** A shortcut shown beside the words, such as `M`. */
  keys?: string;
  children: ReactNode;
}

const LOOK = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-strong pressed:bg-accent-strong",
  secondary: "border-edge bg-panel text-ink hover:bg-hover hover:border-ink pressed:bg-sunken",
  quiet: "border-transparent text-accent hover:bg-accent-tint pressed:bg-accent-tint",
  danger: "border-transparent bg-problem text-on-problem hover:bg-problem-strong pressed:bg-problem-strong",
};

/** A button with words. */
export function Button({
  variant = "secondary",
  size = "normal",
  icon,
  keys,
  children,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className={clsx(
        "inline-flex shrink-0 cursor-pointer items-center justify-center gap-2 rounded-control border text-body font-medium select-none",
        "forced-colors:border-[ButtonBorder] disabled:cursor-not-allowed disabled:opacity-60",
        size === "large" ? "min-h-10 px-4" : "min-h-8 px-3",
        LOOK[variant],
      )}
    >
      {({ isPending }) => (
        <>
          {isPending ? <Spinner /> : icon}
          <span>{children}</span>
          {keys && (
            <kbd className="rounded-sm border border-current px-1 text-small leading-4 opacity-80">
              {keys}
            </kbd>
          )}
        </>
      )}
    </AriaButton>
  );
}
