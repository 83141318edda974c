import { useQuery } from "@tanstack/react-query";
import { Bot as BotIcon, ChevronRight, Plus } from "lucide-react";
import { Link } from "react-router";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { shortDateTime } from "../ui/time";
import type { Bot } from "./api";
import { OnlyWithBots } from "./only-with-bots";
import { botsQuery } from "./queries";
import { StateBadge } from "./state-badge";

/** `/account/bots`: the bots of the account. */
export default function BotsPage() {
  return (
    <PanelPage title={strings.bots.title}>
      <OnlyWithBots>
        <Bots />
      </OnlyWithBots>
    </PanelPage>
  );
}

function Bots() {
  const bots = useQuery(botsQuery);
  return (
    <QueryBoundary query={bots} failedTitle={strings.bots.failedTitle}>
      {(known) => (
        <Panel intro={strings.bots.intro}>
          {known.length === 0 ? (
            <Notice icon={<BotIcon />} title={strings.bots.emptyTitle}>
              {strings.bots.empty}
            </Notice>
          ) : (
            <ul className="bots" aria-label={strings.bots.title}>
              {known.map((bot) => (
                <li key={bot.id}>
                  <BotLine bot={bot} />
                </li>
              ))}
            </ul>
          )}
          <div className="panel__buttons">
            <Link className="button button--reversed" to="/account/bots/new">
              <Plus aria-hidden="true" />
              {strings.bots.add}
            </Link>
          </div>
        </Panel>
      )}
    </QueryBoundary>
  );
}

function BotLine({ bot }: { bot: Bot }) {
  const { last_delivery } = bot;
  return (
    <Link className="bot-line" to={`/account/bots/${bot.id}/edit`}>
      <Avatar initials={bot.initials} color={bot.color} src={bot.avatar_url} />
      <span className="bot-line__text">
        <span className="bot-line__name" dir="auto">
          {bot.name}
        </span>
        <span className="bot-line__about">{aboutOf(bot)}</span>
      </span>
      {last_delivery && <StateBadge state={last_delivery.state} />}
      <ChevronRight className="flips" aria-hidden="true" />
    </Link>
  );
}

function aboutOf({ webhook_url, last_delivery }: Bot): string {
  if (!webhook_url) return strings.bots.noWebhook;
  if (!last_delivery) return strings.bots.neverCalled;
  return strings.bots.lastDelivery(shortDateTime.format(new Date(last_delivery.at)));
}
