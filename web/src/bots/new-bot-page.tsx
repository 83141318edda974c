import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { strings } from "../strings";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { useToast } from "../ui/toasts";
import { type BotDraft, createBot } from "./api";
import { BotForm } from "./bot-form";
import { OnlyWithBots } from "./only-with-bots";
import { updateCachedBot } from "./queries";

/** `/account/bots/new`. */
export default function NewBotPage() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();

  const create = async (draft: BotDraft) => {
    const bot = await createBot(draft);
    updateCachedBot(cache, bot);
    toast({ text: strings.bots.created(bot.name) });
    // Going back leads to the list, not to the empty form.
    navigate(`/account/bots/${bot.id}/edit`, { replace: true });
  };

  return (
    <PanelPage title={strings.bots.newTitle}>
      <OnlyWithBots>
        <Panel>
          <BotForm action={strings.bots.create} save={create} />
        </Panel>
      </OnlyWithBots>
    </PanelPage>
  );
}
