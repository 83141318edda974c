import type { Bookmark, InboxItem, MessageExtras, RoomLabel, Sound } from "./coming";
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Status = Schemas["StatusView"];
export type User = Schemas["User"];
export type Member = Schemas["Member"];
export type Room = Schemas["Room"];
export type Message = Omit<Schemas["Message"], "kind"> & MessageExtras;
export type Boost = Schemas["Boost"];
export type Account = Schemas["AccountView"];
export type { Bookmark, InboxItem, RoomLabel, Sound };
