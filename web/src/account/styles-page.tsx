import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../session/queries";
import { strings } from "../strings";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { OnlyAdministrators } from "./only-administrators";
import { accountQuery } from "./queries";
import { StylesEditor } from "./styles-editor";

/** `/account/custom_styles/edit`. */
export default function StylesPage() {
  const account = useQuery(accountQuery);
  const { data: me } = useQuery(meQuery);
  return (
    <PanelPage title={strings.account.stylesTitle} wide>
      <OnlyAdministrators>
        <QueryBoundary query={account} failedTitle={strings.account.failedTitle}>
          {({ custom_styles }) =>
            me && <StylesEditor key={me.id} saved={custom_styles ?? ""} myId={me.id} />
          }
        </QueryBoundary>
      </OnlyAdministrators>
    </PanelPage>
  );
}
