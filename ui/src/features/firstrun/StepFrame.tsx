/** The frame of one page of the first run: back, where we are, the question, the way on. */
import { ArrowLeft } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { Button } from "../../components/Button";
import { useText } from "../../i18n/useText";
import { LanguageMenu, LookMenu } from "../../look-menus";

export interface StepFrameProps {
  /** 1 is the first. */
  step: number;
  title: string;
  detail?: string;
  onBack?(): void;
  /** Enter anywhere in the page goes on. */
  onNext(): void;
  next: string;
  isPending?: boolean;
  /** Beside the button, while it works. */
  pending?: string;
  children: ReactNode;
}

/** A page of one question. */
export function StepFrame(props: StepFrameProps) {
  const t = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const inside = heading.current?.closest("main")?.contains(document.activeElement);
    if (!inside) heading.current?.focus();
  }, []);
  const go = (event: FormEvent) => {
    event.preventDefault();
    if (!props.isPending) props.onNext();
  };
  return (
    <main className="mx-auto flex min-h-full w-full max-w-xl flex-col gap-5 px-6 py-8">
      <div className="flex items-center justify-between">
        <p className="text-table text-soft">
          <span className="font-semibold text-ink">{t("common.product")}</span>
          {" · "}
          {t("firstrun.step", { step: props.step })}
        </p>
        <div className="flex gap-1">
          <LookMenu />
          <LanguageMenu />
        </div>
      </div>
      <form onSubmit={go} noValidate className="panel flex flex-col gap-5 p-6">
        <div>
          <h1 ref={heading} tabIndex={-1} className="text-title font-semibold tracking-[-0.01em]">
            {props.title}
          </h1>
          {props.detail && <p className="mt-1 text-soft">{props.detail}</p>}
        </div>
        {props.children}
        <div className="flex items-center gap-3">
          <Button type="submit" variant="primary" size="large" isPending={props.isPending}>
            {props.next}
          </Button>
          {props.onBack && (
            <Button
              variant="quiet"
              size="large"
              icon={<ArrowLeft className="size-4" aria-hidden="true" />}
              isDisabled={props.isPending}
              onPress={props.onBack}
            >
              {t("ui.back")}
            </Button>
          )}
          {props.isPending && <span className="text-table text-soft">{props.pending}</span>}
        </div>
      </form>
    </main>
  );
}
