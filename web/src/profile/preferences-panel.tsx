import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "../api/client";
import { errorMessage } from "../api/problem";
import { strings } from "../strings";
import { Panel } from "../ui/panel";
import { QueryBoundary } from "../ui/query-boundary";
import { Switch } from "../ui/switch";
import { useToast } from "../ui/toasts";
import { preferencesQuery } from "./queries";

/** Notification preferences. Each switch saves immediately. */
export function PreferencesPanel() {
  const preferences = useQuery(preferencesQuery);
  const cache = useQueryClient();
  const toast = useToast();

  const change = async (replies_notify: boolean) => {
    const { queryKey } = preferencesQuery;
    const before = cache.getQueryData(queryKey);
    cache.setQueryData(queryKey, (known) => known && { ...known, replies_notify });
    try {
      await unwrap(api.PATCH("/api/v1/me/preferences", { body: { replies_notify } }));
    } catch (error) {
      cache.setQueryData(queryKey, before);
      toast({ text: strings.profile.preferenceFailed(errorMessage(error)), tone: "problem" });
    }
  };

  return (
    <Panel title={strings.profile.preferences}>
      <QueryBoundary query={preferences} failedTitle={strings.profile.preferencesFailed}>
        {({ replies_notify }) => (
          <Switch
            checked={replies_notify}
            hint={strings.profile.repliesNotifyHint}
            onChange={(event) => change(event.target.checked)}
          >
            {strings.profile.repliesNotify}
          </Switch>
        )}
      </QueryBoundary>
    </Panel>
  );
}
