import { Download } from "lucide-react";
import { Problem } from "../api/problem";
import { isInstalled, useInstallPrompt } from "../device/install-prompt";
import { installSteps } from "../device/install-steps";
import { platform } from "../device/platform";
import { usePushState } from "../push/queries";
import { strings } from "../strings";
import { Button } from "../ui/button";
import { Panel } from "../ui/panel";
import { ProblemText } from "../ui/problem-text";
import { Steps } from "../ui/steps";
import { useTask } from "../ui/use-task";

/** Offers to install the app. Renders nothing if it is installed or cannot be. */
export function InstallPanel() {
  const offer = useInstallPrompt();
  const install = useTask(async () => offer?.());
  const { data: device } = usePushState();
  const steps = installSteps(platform());
  // The notifications panel shows the same instructions.
  if (device?.state === "install_first") return null;
  if (isInstalled() || (!offer && !steps)) return null;
  return (
    <Panel title={strings.app.install} intro={strings.app.installIntro}>
      {install.error !== null && <ProblemText error={new Problem(0, strings.app.installFailed)} />}
      {offer ? (
        <div className="panel__buttons">
          <Button look="reversed" onClick={() => install.run()} busy={install.busy}>
            <Download aria-hidden="true" />
            {strings.app.installNow}
          </Button>
        </div>
      ) : (
        steps && <Steps steps={steps} />
      )}
    </Panel>
  );
}
