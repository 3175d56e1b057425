/** A page over the page: one task, its own buttons. Escape closes it and gives the focus back. */
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useText } from "../i18n/useText";
import { IconButton } from "./IconButton";

export interface DialogProps {
  title: string;
  isOpen: boolean;
  onClose(): void;
  children: ReactNode;
  /** Buttons, the primary one first. */
  actions?: ReactNode;
  /** Under the title; it stays when the content scrolls. */
  head?: ReactNode;
  /** Its content has nothing to focus, so the box that scrolls takes the arrows. */
  isReading?: boolean;
  size?: "small" | "medium" | "large";
  /** `alertdialog` interrupts; sparingly. */
  role?: "dialog" | "alertdialog";
}

const WIDTH = { small: "w-[420px]", medium: "w-[600px]", large: "w-[880px]" };

/** A modal dialog. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  actions,
  head,
  isReading,
  size = "medium",
  role,
}: DialogProps) {
  const t = useText();
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-40 flex items-start justify-center bg-(--veil) p-6 pt-[8vh]"
    >
      <Modal className={clsx("float flex max-h-[84vh] max-w-full flex-col", WIDTH[size])}>
        <AriaDialog role={role} className="flex min-h-0 flex-col outline-none">
          <header className="flex items-center justify-between gap-4 border-b border-line py-2 pr-2 pl-5">
            <Heading slot="title" className="text-[16px] leading-6 font-semibold">
              {title}
            </Heading>
            <IconButton label={t("ui.close")} keys="Esc" onPress={onClose}>
              <X className="size-4" />
            </IconButton>
          </header>
          {head && <div className="border-b border-line px-5 py-2">{head}</div>}
          <div
            className="min-h-0 overflow-auto px-5 py-4 -outline-offset-2"
            tabIndex={isReading ? 0 : undefined}
          >
            {children}
          </div>
          {actions && (
            <footer className="flex flex-wrap gap-2 border-t border-line px-5 py-3">{actions}</footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
