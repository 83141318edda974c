import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "../api/client";
import { nextPageOptions, unwrapPage } from "../api/pagination";
import type { AuditEntry } from "../api/types";

const pageSize = 50;

/** The audit log of administrators' actions, latest first. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"] as const,
  queryFn: ({ pageParam, signal }) => {
    const query = { limit: pageSize, ...pageParam };
    return unwrapPage<AuditEntry>(api.GET("/api/v1/audit", { params: { query }, signal }));
  },
  ...nextPageOptions,
});
