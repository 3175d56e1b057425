/** Everything that is known of one computer, its receipt if it sent one, and what can become of it. */
import { Banner } from "../../components/Banner";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Fact } from "../../components/Fact";
import type { DeskAct, DeskShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";
import { useNow } from "../../now";
import { ReceiptPart } from "./ReceiptPart";
import { StandingSign } from "./StandingSign";
import { ACTS, isEmptied } from "./standing";

/** The dialog, open as long as it is drawn. */
export function DeskDialog(props: { desk: DeskShown; onClose(): void; onAct(act: DeskAct): void }) {
  const { desk, onAct } = props;
  const t = useText();
  const acts = ACTS[desk.state];
  const needsWords = t.has(`desks.is.${desk.state}.what`);
  return (
    <Dialog
      title={desk.name || t("desks.unnamed")}
      isOpen
      onClose={props.onClose}
      isReading
      actions={
        <>
          {acts.map((act) => (
            <Button key={act} onPress={() => onAct(act)}>
              {t(actKey(desk, act))}
            </Button>
          ))}
          <Button onPress={props.onClose}>{t("ui.close")}</Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {needsWords && (
          <Banner
            tone={desk.state === "forked" || desk.state === "still_about" ? "problem" : "info"}
            title={t(`desks.is.${desk.state}`)}
          >
            {t(`desks.is.${desk.state}.what`)}
          </Banner>
        )}
        <Facts desk={desk} />
        <ReceiptPart desk={desk} />
      </div>
    </Dialog>
  );
}

/** A name that ended is not withdrawn: who still uses it is a copy, and comes to its end. */
export function actKey(desk: DeskShown, act: DeskAct): string {
  const isOver = desk.state === "replaced" || desk.state === "still_about";
  return `desks.act.${isOver ? "end_copy" : act}`;
}

function Facts({ desk }: { desk: DeskShown }) {
  const t = useText();
  const format = useFormat();
  const now_ms = useNow();
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-table">
      <Fact label={t("desks.state")}>
        <StandingSign desk={desk} />
        {desk.is_here && <span className="text-faint"> · {t("desks.here")}</span>}
      </Fact>
      <Fact label={t("kind.facility")}>{desk.facility_name || t("common.not_recorded")}</Fact>
      <Fact label={t("desks.words")}>
        <span lang="en" translate="no" className="font-semibold">
          {desk.words.join(" · ")}
        </span>
        <span className="block text-small text-faint">{t("desks.words.what")}</span>
      </Fact>
      <Fact label={t("desks.contact")}>
        {format.dateTime(desk.contact)} ({format.ago(desk.contact, now_ms)})
      </Fact>
      <Fact label={t("desks.joined")}>{format.dateTime(desk.joined)}</Fact>
      <Fact label={t("desks.version")}>{desk.version ?? t("desks.untold")}</Fact>
      <Fact label={t("desks.unsent")}>
        {desk.unsent === null ? t("desks.untold") : t("desks.unsent.count", { count: desk.unsent })}
      </Fact>
      <Fact label={t("desks.holds")}>
        {isEmptied(desk) ? t("desks.holds.nothing") : desk.holds.length === 0 && t("desks.untold")}
        {!isEmptied(desk) &&
          desk.holds.map((held) => (
            <span key={String(held.is_district)} className="block">
              {t(held.is_district ? "desks.holds.district" : "desks.holds.facility", {
                upto: format.number(held.upto),
                all: format.number(held.upto + held.behind),
              })}
            </span>
          ))}
      </Fact>
      {desk.forked !== null && <Fact label={t("desks.forked")}>{format.dateTime(desk.forked)}</Fact>}
      {desk.in_place_of !== null && (
        <Fact label={t("desks.in_place_of")}>
          <span className="font-mono text-small">{desk.in_place_of}</span>
        </Fact>
      )}
      {desk.replaced !== null && <Fact label={t("desks.replaced")}>{format.dateTime(desk.replaced)}</Fact>}
      <Fact label={t("desks.id")}>
        <span className="font-mono text-small select-all">{desk.desk}</span>
      </Fact>
    </dl>
  );
}
