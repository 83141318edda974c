import { useInfiniteQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { OnlyAdministrators } from "../account/only-administrators";
import type { AuditEntry } from "../api/types";
import { strings } from "../strings";
import { Avatar } from "../ui/avatar";
import { LoadMore } from "../ui/load-more";
import { Logo } from "../ui/logo";
import { Notice } from "../ui/notice";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { shortDateTime, Time } from "../ui/time";
import { useLoadMore } from "../ui/use-load-more";
import { auditQuery } from "./queries";
import { auditSentence } from "./sentence";

/** `/account/audit`: the audit log, latest first. */
export default function AuditPage() {
  return (
    <PanelPage title={strings.audit.title} wide>
      <OnlyAdministrators>
        <AuditList />
      </OnlyAdministrators>
    </PanelPage>
  );
}

function AuditList() {
  const audit = useInfiniteQuery(auditQuery);
  const more = useLoadMore(audit);
  return (
    <QueryBoundary query={audit} failedTitle={strings.audit.failedTitle}>
      {({ pages }) => {
        const entries = pages.flatMap(({ items }) => items);
        if (entries.length === 0) {
          return (
            <Notice icon={<ScrollText />} title={strings.audit.emptyTitle}>
              {strings.audit.empty}
            </Notice>
          );
        }
        return (
          <Panel>
            <ul className="audit">
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ul>
            <LoadMore {...more} />
          </Panel>
        );
      }}
    </QueryBoundary>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { actor, detail, ip_address, created_at } = entry;
  return (
    <li className="audit__entry">
      {actor ? (
        <Avatar initials={actor.initials} color={actor.color} src={actor.avatar_url} />
      ) : (
        <span className="audit__program">
          <Logo />
        </span>
      )}
      <span className="audit__text">
        <span>{auditSentence(entry)}</span>
        {detail && <span className="audit__detail">{detail}</span>}
        <span className="audit__about">
          <Time date={new Date(created_at)} format={shortDateTime} />
          {ip_address && ` ${strings.audit.address(ip_address)}`}
        </span>
      </span>
    </li>
  );
}
