import { words } from "../strings";
import { names } from "../ui/button";
import type { DeliveryState } from "./api";

/** How far a delivery is, in a word. */
export function StateBadge({ state }: { state: DeliveryState }) {
  return (
    <span className={names("delivery-state", `delivery-state--${state}`)}>
      {words.bots.states[state]}
    </span>
  );
}
