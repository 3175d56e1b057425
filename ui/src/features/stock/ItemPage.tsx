/** One item: its entries and its ledger. */
import { useParams } from "@tanstack/react-router";
import { todayHere } from "../../components/readDate";
import { LedgerPart } from "./LedgerPart";

/** The page. */
export function ItemPage() {
  const { id } = useParams({ strict: false });
  return <LedgerPart item={id ?? ""} today={todayHere()} />;
}
