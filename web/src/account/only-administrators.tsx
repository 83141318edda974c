import { useQuery } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { Notice } from "../ui/notice";
import { Loading } from "../ui/query-boundary";

/** Renders its children for administrators, and a notice for others. */
export function OnlyAdministrators({ children }: { children: ReactNode }) {
  const { data: me } = useQuery(meQuery);
  if (!me) return <Loading />;
  if (me.role === "administrator") return children;
  return (
    <Notice icon={<Lock />} title={strings.account.adminsOnlyTitle}>
      {strings.account.adminsOnly}
    </Notice>
  );
}
