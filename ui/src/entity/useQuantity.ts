/** How a quantity is written: grouped, without noughts at its end, with its unit. */
import { useFormat, useText } from "../../i18n/useText";
import { plain } from "./movement";

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
