import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "../api/client";
import { sentenceFor } from "../api/problem";
import { words } from "../strings";
import { Panel } from "../ui/panel";
import { Loaded } from "../ui/query-boundary";
import { Switch } from "../ui/switch";
import { useToast } from "../ui/toasts";
import { preferencesQuery } from "./queries";

/** What one wants to be told. Each switch saves by itself. */
export function PreferencesPanel() {
  const preferences = useQuery(preferencesQuery);
  const cache = useQueryClient();
  const toast = useToast();

  const change = async (replies_notify: boolean) => {
    const { queryKey } = preferencesQuery;
    const before = cache.getQueryData(queryKey);
    cache.setQueryData(queryKey, (known) => known && { ...known, replies_notify });
    try {
      await answer(api.PATCH("/api/v1/me/preferences", { body: { replies_notify } }));
    } catch (error) {
      cache.setQueryData(queryKey, before);
      toast({ text: words.profile.preferenceFailed(sentenceFor(error)), tone: "problem" });
    }
  };

  return (
    <Panel title={words.profile.preferences}>
      <Loaded query={preferences} failedTitle={words.profile.preferencesFailed}>
        {({ replies_notify }) => (
          <Switch
            checked={replies_notify}
            hint={words.profile.repliesNotifyHint}
            onChange={(event) => change(event.target.checked)}
          >
            {words.profile.repliesNotify}
          </Switch>
        )}
      </Loaded>
    </Panel>
  );
}
