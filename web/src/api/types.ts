import type { components } from "./schema";

type Schemas = components["schemas"];

export type Status = Schemas["StatusView"];
export type User = Schemas["User"];
export type Room = Schemas["Room"];
export type Message = Schemas["Message"];
export type Boost = Schemas["Boost"];
export type Account = Schemas["AccountView"];
