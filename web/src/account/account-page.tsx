import { useQuery } from "@tanstack/react-query";
import { Bot, Paintbrush, ScrollText } from "lucide-react";
import { Link } from "react-router";
import { meQuery, statusQuery } from "../session/queries";
import { strings } from "../strings";
import { Logo } from "../ui/logo";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { AccountForm } from "./account-form";
import { InvitePanel } from "./invite-panel";
import { PeoplePanel } from "./people-panel";
import { accountQuery } from "./queries";

/** `/account/edit`: visible to everyone, editable by administrators. */
export default function AccountPage() {
  const account = useQuery(accountQuery);
  const { data: me } = useQuery(meQuery);
  const { data: status } = useQuery(statusQuery);
  const isAdministrator = me?.role === "administrator";
  return (
    <PanelPage
      title={strings.account.title}
      tools={isAdministrator && <Tools hasBots={status?.features.bots ?? false} />}
    >
      <QueryBoundary query={account} failedTitle={strings.account.failedTitle}>
        {(known) => (
          <>
            {isAdministrator ? (
              <AccountForm account={known} />
            ) : (
              <Panel>
                <div className="account__head">
                  <Logo src={known.logo_url} />
                  <p className="account__name" dir="auto">
                    {known.name}
                  </p>
                </div>
              </Panel>
            )}
            {known.join_url && (
              <InvitePanel joinUrl={known.join_url} mayRegenerate={isAdministrator} />
            )}
            {me && <PeoplePanel me={me} />}
            {status && (
              <p className="account__version">{strings.account.version(status.version)}</p>
            )}
          </>
        )}
      </QueryBoundary>
    </PanelPage>
  );
}

function Tools({ hasBots }: { hasBots: boolean }) {
  return (
    <>
      {hasBots && (
        <Link
          className="icon-button icon-button--plain"
          to="/account/bots"
          title={strings.bots.open}
          aria-label={strings.bots.open}
        >
          <Bot aria-hidden="true" />
        </Link>
      )}
      <Link
        className="icon-button icon-button--plain"
        to="/account/custom_styles/edit"
        title={strings.account.styles}
        aria-label={strings.account.styles}
      >
        <Paintbrush aria-hidden="true" />
      </Link>
      <Link
        className="icon-button icon-button--plain"
        to="/account/audit"
        title={strings.account.audit}
        aria-label={strings.account.audit}
      >
        <ScrollText aria-hidden="true" />
      </Link>
    </>
  );
}
