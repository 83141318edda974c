import { useQuery } from "@tanstack/react-query";
import { statusQuery } from "../session/queries";

/** Whether this server lets people search. */
export function useSearchEnabled(): boolean {
  return useQuery(statusQuery).data?.features.search ?? false;
}
