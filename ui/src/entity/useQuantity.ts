/** How a quantity is written: grouped, without noughts at its end, with its unit. */
import { useFormat, useText } from "../i18n/useText";

/** Gives `write("1250.500", "kilogram")`: `1,250.5 kg`. */
export function useQuantity(): (quantity: string, unit?: string | null, isSigned?: boolean) => string {
  const t = useText();
  const format = useFormat();
  return (quantity, unit, isSigned = false) => {
    const [whole = "0", rest] = plain(quantity).replace("-", "").split(".");
    const sign = quantity.startsWith("-") ? "−" : isSigned && Number(quantity) !== 0 ? "+" : "";
    const figure = `${sign}${format.number(Number(whole))}${rest ? `.${rest}` : ""}`;
    return unit ? `${figure} ${t(`code.unit.${unit}`)}` : figure;
  };
}

/** A decimal without the noughts at its end: `38.000` is `38`, `0.500` is `0.5`. */
export function plain(quantity: string): string {
  return quantity.includes(".") ? quantity.replace(/\.?0+$/, "") : quantity;
}
