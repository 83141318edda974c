import { useQuery } from "@tanstack/react-query";
import { accountQuery } from "../account/queries";
import { strings } from "../strings";
import { CopyField } from "../ui/copy-field";
import { Logo } from "../ui/logo";

/** The welcome message of the first room, with the link to invite others. */
export function Welcome() {
  const { data: account } = useQuery(accountQuery);
  return (
    <section className="welcome">
      <Logo src={account?.logo_url} />
      <h2 className="welcome__title">{strings.rooms.welcomeTitle}</h2>
      {account?.join_url && (
        <>
          <p className="welcome__text">{strings.rooms.welcome}</p>
          <CopyField label={strings.rooms.joinLink} value={account.join_url} />
        </>
      )}
    </section>
  );
}
