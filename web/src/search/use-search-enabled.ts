import { useQuery } from "@tanstack/react-query";
import { statusQuery } from "../session/queries";

export function useSearchEnabled(): boolean {
  return useQuery(statusQuery).data?.features.search ?? false;
}
