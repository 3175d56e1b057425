/** What a computer was ordered and how far it has come; its receipt, with whether its signature is the computer's own. */
import { Fact } from "../../components/Fact";
import { Status } from "../../components/Status";
import type { DeskShown, ReceiptShown } from "../../generated/wire";
import { useFormat, useText } from "../../i18n/useText";

/** Nothing where it was ordered nothing. */
export function ReceiptPart({ desk: { order } }: { desk: DeskShown }) {
  const t = useText();
  const format = useFormat();
  if (order === null) return null;
  const { receipt } = order;
  return (
    <section className="rounded-panel border border-edge p-3">
      <h3 className="mb-2 font-semibold">{t(receipt ? "desks.receipt" : "desks.order")}</h3>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2 text-table">
        <Fact label={t("desks.order.what")}>
          {t(order.is_now ? "desks.order.now" : "desks.order.after", { number: order.number })}
        </Fact>
        <Fact label={t("desks.order.at")}>{format.dateTime(order.ordered)}</Fact>
        <Fact label={t("desks.order.heard")}>
          {order.heard === null ? t("desks.order.unheard") : format.dateTime(order.heard)}
        </Fact>
        {receipt && <Receipt receipt={receipt} />}
      </dl>
    </section>
  );
}

function Receipt({ receipt }: { receipt: ReceiptShown }) {
  const t = useText();
  const format = useFormat();
  return (
    <>
      <Fact label={t("desks.receipt.at")}>{format.dateTime(receipt.at)}</Fact>
      <Fact label={t("desks.receipt.signature")}>
        {receipt.is_signed ? (
          <Status shape="tick" tone="ok" isLong>
            {t("desks.receipt.signed")}
          </Status>
        ) : (
          <Status shape="cross" tone="problem" isLong>
            {t("desks.receipt.forged")}
          </Status>
        )}
      </Fact>
      {receipt.unsent !== null && (
        <Fact label={t("desks.receipt.lost")}>
          {t("desks.receipt.lost.count", { count: receipt.unsent })}
        </Fact>
      )}
    </>
  );
}
