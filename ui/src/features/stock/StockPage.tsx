/** Stock: what do we have, what will run out? Oxygen first. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { MOVEMENTS } from "./movement";
import { StockPart } from "./StockPart";

/** The page. The palette leads here to record a movement, which the address then names. */
export function StockPage() {
  const navigate = useNavigate();
  const asked = new URLSearchParams(useLocation().searchStr).get("do");
  return (
    <StockPart
      movement={MOVEMENTS.find((each) => each === asked) ?? null}
      onRecorded={() => navigate({ to: "/stock", search: {}, replace: true })}
      onOpen={(item) => navigate({ to: "/stock/$id", params: { id: item } })}
    />
  );
}
