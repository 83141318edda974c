// What the client asks of the server beyond the generated types. Goes when openapi.json has it.
import type { components, paths } from "./schema";

type Room = components["schemas"]["Room"];

interface FindOrMakeRoom {
  parameters: { query?: never; header?: never; path?: never; cookie?: never };
  requestBody: { content: { "application/json": { type: "direct"; user_ids: number[] } } };
  responses: {
    200: { headers: { [name: string]: unknown }; content: { "application/json": Room } };
    201: { headers: { [name: string]: unknown }; content: { "application/json": Room } };
  };
}

/** The generated paths, and finding or making a direct room. */
export type AllPaths = Omit<paths, "/api/v1/rooms"> & {
  "/api/v1/rooms": Omit<paths["/api/v1/rooms"], "post"> & { post: FindOrMakeRoom };
};
