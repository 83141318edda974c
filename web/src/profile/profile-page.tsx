import { useQuery } from "@tanstack/react-query";
import { NotificationsPanel } from "../push/notifications-panel";
import { meQuery } from "../session/queries";
import { SignOutButton } from "../session/sign-out";
import { strings } from "../strings";
import { PanelPage } from "../ui/panel-page";
import { QueryBoundary } from "../ui/query-boundary";
import { BlockedPanel } from "./blocked-panel";
import { DevicesPanel } from "./devices-panel";
import { InstallPanel } from "./install-panel";
import { PasswordForm } from "./password-form";
import { PreferencesPanel } from "./preferences-panel";
import { ProfileForm } from "./profile-form";
import { RoomsPanel } from "./rooms-panel";
import { TransferPanel } from "./transfer-panel";

/** `/users/me/profile`: the user's settings. */
export default function ProfilePage() {
  const me = useQuery(meQuery);
  return (
    <PanelPage title={strings.profile.title}>
      <QueryBoundary query={me} failedTitle={strings.profile.failedTitle}>
        {(known) => (
          <>
            <ProfileForm key={known.id} me={known} />
            <PasswordForm />
            <RoomsPanel />
            <NotificationsPanel />
            <InstallPanel />
            <PreferencesPanel />
            <TransferPanel />
            <DevicesPanel />
            <BlockedPanel />
            <div className="profile__end">
              <SignOutButton />
            </div>
          </>
        )}
      </QueryBoundary>
    </PanelPage>
  );
}
