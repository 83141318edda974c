import { strings } from "../strings";
import { classNames } from "../ui/button";
import type { DeliveryState } from "./api";

/** The state of a delivery. */
export function StateBadge({ state }: { state: DeliveryState }) {
  return (
    <span className={classNames("delivery-state", `delivery-state--${state}`)}>
      {strings.bots.states[state]}
    </span>
  );
}
