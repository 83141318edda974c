// What the client asks of the server beyond the generated types. Goes when openapi.json has it.
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

/** Whom strangers may ask for help, if the server says so. */
export interface StatusWithContact {
  contact?: { name: string; email_address: string } | null;
}

interface RoomList {
  parameters: { query?: { invisible?: boolean }; header?: never; path?: never; cookie?: never };
  responses: {
    200: {
      headers: { [name: string]: unknown };
      content: { "application/json": Schemas["Room"][] };
    };
  };
}

/** The generated paths, and the list of rooms with those hidden from the sidebar. */
export type HousePaths = Omit<paths, "/api/v1/rooms"> & {
  "/api/v1/rooms": Omit<paths["/api/v1/rooms"], "get"> & { get: RoomList };
};
