import type { components } from "./schema";

type Schemas = components["schemas"];

export type Status = Schemas["StatusView"];
export type User = Schemas["User"];
export type Member = Schemas["Member"];
export type Room = Schemas["Room"];
export type Message = Schemas["Message"];
export type Boost = Schemas["Boost"];
export type Sound = Schemas["SoundView"];
export type InboxItem = Schemas["InboxItem"];
export type Bookmark = Schemas["Bookmark"];
export type RoomLabel = Schemas["RoomLabel"];
export type Account = Schemas["AccountView"];
