import type { components } from "./schema";

type Schemas = components["schemas"];

export type Status = Schemas["StatusView"];
export type User = Schemas["User"];
export type Member = Schemas["Member"];
export type Mentionable = Schemas["Mentionable"];
export type Room = Schemas["Room"];
export type Message = Schemas["Message"];
export type Boost = Schemas["Boost"];
export type Sound = Schemas["SoundView"];
export type InboxItem = Schemas["InboxItem"];
export type Bookmark = Schemas["Bookmark"];
export type RoomLabel = Schemas["RoomLabel"];
/** A search result, with its room and a snippet. */
export type FoundMessage = Schemas["FoundMessage"];
export type RecentSearch = Schemas["RecentSearch"];
export type Account = Schemas["AccountView"];
/** The signed-in user, with their email address. */
export type Me = Schemas["Me"];
/** A user in the directory. Administrators and the user see the email address. */
export type Person = User & { email_address?: string | null };
export type Device = Schemas["DeviceView"];
/** A device with a push subscription. */
export type PushDevice = Schemas["SubscriptionView"];
export type AuditEntry = Schemas["AuditEntry"];
