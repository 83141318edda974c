import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { words } from "../strings";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { useToast } from "../ui/toasts";
import { type BotDraft, createBot } from "./api";
import { BotForm } from "./bot-form";
import { OnlyWithBots } from "./only-with-bots";
import { learnBot } from "./queries";

/** `/account/bots/new`. */
export default function NewBotPage() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toast = useToast();

  const create = async (draft: BotDraft) => {
    const bot = await createBot(draft);
    learnBot(cache, bot);
    toast({ text: words.bots.created(bot.name) });
    // Going back leads to the list, not to the empty form.
    navigate(`/account/bots/${bot.id}/edit`, { replace: true });
  };

  return (
    <PanelPage title={words.bots.newTitle}>
      <OnlyWithBots>
        <Panel>
          <BotForm action={words.bots.create} save={create} />
        </Panel>
      </OnlyWithBots>
    </PanelPage>
  );
}
