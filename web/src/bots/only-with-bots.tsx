import { useQuery } from "@tanstack/react-query";
import { Bot } from "lucide-react";
import type { ReactNode } from "react";
import { OnlyAdministrators } from "../account/only-administrators";
import { statusQuery } from "../session/queries";
import { strings } from "../strings";
import { Notice } from "../ui/notice";

/**
 * Renders its children for administrators of a server with bots enabled, and a notice otherwise.
 */
export function OnlyWithBots({ children }: { children: ReactNode }) {
  const { data: status } = useQuery(statusQuery);
  return (
    <OnlyAdministrators>
      {status?.features.bots === false ? (
        <Notice icon={<Bot />} title={strings.bots.offTitle}>
          {strings.bots.off}
        </Notice>
      ) : (
        children
      )}
    </OnlyAdministrators>
  );
}
