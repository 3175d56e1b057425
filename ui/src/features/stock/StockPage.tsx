/** Stock: what do we have, what will run out? Oxygen first. */
import { useNavigate } from "@tanstack/react-router";
import { StockPart } from "./StockPart";

/** The page. */
export function StockPage() {
  const navigate = useNavigate();
  return <StockPart onOpen={(item) => navigate({ to: "/stock/$id", params: { id: item } })} />;
}
