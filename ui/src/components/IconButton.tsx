/** A button with an icon alone, for the header and for rows; its words are read aloud and shown on hover and on focus. */
import { clsx } from "clsx";
import type { ReactNode } from "react";
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Tooltip,
  TooltipTrigger,
} from "react-aria-components";

export interface IconButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style"> {
  /** What it does, in words. */
  label: string;
  /** A shortcut shown in the tip. */
  keys?: string;
  /** `rail` stands on the dark rail. */
  on?: "panel" | "rail";
  children: ReactNode;
}

/** An icon to press, 32 px square. */
export function IconButton({ label, keys, on = "panel", children, ...rest }: IconButtonProps) {
  return (
    <TooltipTrigger delay={400}>
      <AriaButton
        {...rest}
        aria-label={label}
        className={clsx(
          "inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-control border border-transparent",
          on === "rail"
            ? "text-rail-ink hover:bg-rail-current"
            : "text-soft hover:bg-hover hover:text-ink pressed:bg-sunken",
        )}
      >
        {children}
      </AriaButton>
      <Tooltip className="float px-2 py-1 text-small" offset={6}>
        {label}
        {keys && <kbd className="ml-2 text-faint">{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
