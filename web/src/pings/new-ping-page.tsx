import { strings } from "../strings";
import { Panel } from "../ui/panel";
import { PanelPage } from "../ui/panel-page";
import { PingForm } from "./ping-form";

/** `/rooms/directs/new`: the form for a new ping as a page. */
export default function NewPingPage() {
  return (
    <PanelPage title={strings.pings.title} fieldFirst>
      <Panel>
        <PingForm />
      </Panel>
    </PanelPage>
  );
}
