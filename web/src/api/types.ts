import type { components } from "./schema";

type Schemas = components["schemas"];

export type Status = Schemas["StatusView"];
export type User = Schemas["User"];
export type Member = Schemas["Member"];
/** A user whom a message can mention. */
export type Mentionable = Schemas["Mentionable"];
export type Room = Schemas["Room"];
export type Message = Schemas["Message"];
export type Boost = Schemas["Boost"];
export type Sound = Schemas["SoundView"];
export type InboxItem = Schemas["InboxItem"];
export type Bookmark = Schemas["Bookmark"];
export type RoomLabel = Schemas["RoomLabel"];
/** A message that was found, with its room and the words around what was looked for. */
export type FoundMessage = Schemas["FoundMessage"];
export type RecentSearch = Schemas["RecentSearch"];
export type Account = Schemas["AccountView"];
/** Oneself: also with the address one signs in with. */
export type Me = Schemas["Me"];
/** A user in the directory; oneself and administrators see the address. */
export type Person = User & { email_address?: string | null };
export type Device = Schemas["DeviceView"];
/** A device on which one is notified. */
export type PushDevice = Schemas["SubscriptionView"];
export type AuditEntry = Schemas["AuditEntry"];
