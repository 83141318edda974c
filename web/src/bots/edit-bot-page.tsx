import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BotOff } from "lucide-react";
import { Link, useParams } from "react-router";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { useToast } from "../ui/toasts";
import { type Bot, type BotDraft, changeBot } from "./api";
import { BotForm } from "./bot-form";
import { DeliveriesPanel } from "./deliveries-panel";
import { KeyPanel } from "./key-panel";
import { OnlyWithBots } from "./only-with-bots";
import { botsQuery, updateCachedBot } from "./queries";
import { RemoveBot } from "./remove-bot";
import { WebhookPanel } from "./webhook-panel";

/** `/account/bots/17/edit`: a bot's settings. */
export default function EditBotPage() {
  const { botId } = useParams();
  return (
    <PanelPage title={strings.bots.editTitle} wide>
      <OnlyWithBots>
        <BotSettings id={Number(botId)} />
      </OnlyWithBots>
    </PanelPage>
  );
}

function BotSettings({ id }: { id: number }) {
  const bots = useQuery(botsQuery);
  return (
    <QueryBoundary query={bots} failedTitle={strings.bots.failedTitle}>
      {(known) => {
        const bot = known.find((other) => other.id === id);
        return bot ? <Panels key={id} bot={bot} /> : <BotNotFound />;
      }}
    </QueryBoundary>
  );
}

function Panels({ bot }: { bot: Bot }) {
  const cache = useQueryClient();
  const toast = useToast();
  const save = async (draft: BotDraft) => {
    updateCachedBot(cache, await changeBot(bot.id, draft));
    toast({ text: strings.panel.saved });
  };
  return (
    <>
      <Panel>
        <div className="bot-head">
          <Avatar initials={bot.initials} color={bot.color} src={bot.avatar_url} />
          <h2 className="bot-head__name" dir="auto">
            {bot.name}
          </h2>
        </div>
        <BotForm bot={bot} action={strings.bots.save} save={save} />
      </Panel>
      <KeyPanel bot={bot} />
      {bot.webhook_url && <WebhookPanel bot={bot} />}
      {(bot.webhook_url ?? bot.last_delivery) && <DeliveriesPanel bot={bot} />}
      <RemoveBot bot={bot} />
    </>
  );
}

function BotNotFound() {
  return (
    <Notice
      icon={<BotOff />}
      title={strings.bots.goneTitle}
      action={
        <Link className="button button--plain" to="/account/bots">
          {strings.bots.all}
        </Link>
      }
      alert
    >
      {strings.bots.gone}
    </Notice>
  );
}
