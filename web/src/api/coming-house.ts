// What the screens of rooms, people and the account ask of the server beyond the generated types. Goes
// when openapi.json has it.
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
type User = Schemas["User"];
type Room = Schemas["Room"];
type Me = Schemas["Me"];
type Account = Schemas["AccountView"];

/** A user as the directory shows them; administrators see the address. */
export type Person = User & { email_address?: string | null; sgid?: string };

/** A link that works once and for a while only. */
export interface SignInLink {
  url: string;
  expires_at: string;
}

export interface TransferLink extends SignInLink {
  qr_svg_url: string;
}

/** Something an administrator did, or that concerns administrators. */
export interface AuditEntry {
  id: number;
  action: string;
  actor: User | null;
  subject: { type: string; id: number; name: string } | null;
  detail: string;
  ip_address: string | null;
  created_at: string;
}

/** What the server tells strangers about whom to ask for help. */
export interface StatusWithContact {
  contact?: { name: string; email_address: string } | null;
}

interface Op<Path, Body, Result, Query = never> {
  parameters: {
    query?: Query;
    header?: never;
    path: Path;
    cookie?: never;
  };
  requestBody?: [Body] extends [never] ? never : { content: { "application/json": Body } };
  responses: {
    200: { headers: { [name: string]: unknown }; content: { "application/json": Result } };
  };
}

interface Plain<Body, Result, Query = never> {
  parameters: { query?: Query; header?: never; path?: never; cookie?: never };
  requestBody?: [Body] extends [never] ? never : { content: { "application/json": Body } };
  responses: {
    200: { headers: { [name: string]: unknown }; content: { "application/json": Result } };
  };
}

type Nothing = undefined;
type OfRoom = { room_id: number };
type OfUser = { user_id: number };

interface ComingPaths {
  "/api/v1/rooms": {
    get: Plain<never, Room[], { invisible?: boolean }>;
    post: Plain<{ type: Room["type"]; name?: string; user_ids?: number[] }, Room>;
  };
  "/api/v1/rooms/{room_id}": {
    patch: Op<OfRoom, { name?: string; type?: Room["type"]; user_ids?: number[] }, Room>;
    delete: Op<OfRoom, never, Nothing>;
  };
  "/api/v1/rooms/{room_id}/membership": { delete: Op<OfRoom, never, Nothing> };
  "/api/v1/users": {
    get: Plain<
      never,
      Person[],
      { query?: string; room_id?: number; limit?: number; status?: "all" } & Record<string, unknown>
    >;
  };
  "/api/v1/users/{user_id}": {
    patch: Op<OfUser, { role: User["role"] }, Person>;
    delete: Op<OfUser, never, Nothing>;
  };
  "/api/v1/users/{user_id}/ban": {
    post: Op<OfUser, never, Nothing>;
    delete: Op<OfUser, never, Nothing>;
  };
  "/api/v1/users/{user_id}/block": {
    put: Op<OfUser, never, Nothing>;
    delete: Op<OfUser, never, Nothing>;
  };
  "/api/v1/users/{user_id}/password_reset": { post: Op<OfUser, never, SignInLink> };
  "/api/v1/me": {
    patch: Plain<{ name?: string; email_address?: string; password?: string; bio?: string }, Me>;
  };
  "/api/v1/me/blocks": { get: Plain<never, User[]> };
  "/api/v1/session/transfer": { post: Plain<never, TransferLink> };
  "/api/v1/session/transfers/{id}": { put: Op<{ id: string }, never, { user: Me }> };
  "/api/v1/password_resets/{token}": {
    get: Op<{ token: string }, never, { name: string }>;
    put: Op<{ token: string }, { password: string }, { user: Me }>;
  };
  "/api/v1/account": {
    patch: Plain<
      { name?: string; settings?: Schemas["AccountSettings"]; custom_styles?: string | null },
      Account
    >;
  };
  "/api/v1/account/join_code": { post: Plain<never, Account> };
  "/api/v1/audit": { get: Plain<never, AuditEntry[], Record<string, unknown>> };
}

/** The generated paths with what is coming. */
export type HousePaths = Omit<paths, keyof ComingPaths> & {
  [Path in keyof ComingPaths]: Path extends keyof paths
    ? Omit<paths[Path], keyof ComingPaths[Path]> & ComingPaths[Path]
    : ComingPaths[Path];
};
