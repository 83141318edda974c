// Writes the types of the server's HTTP interface from its OpenAPI document: `npm run api`.
import { readFile, writeFile } from "node:fs/promises";
import openapiTypescript, { astToString } from "openapi-typescript";

const document = JSON.parse(await readFile("openapi.json", "utf8"));
// The client finds operations by path. Without their names the types stand at the paths, and it does
// not matter when two handlers are called alike.
for (const path of Object.values(document.paths)) {
  for (const operation of Object.values(path)) delete operation.operationId;
}
const notice = "// Made by `npm run api` from openapi.json. Do not edit.\n\n";
await writeFile("src/api/schema.d.ts", notice + astToString(await openapiTypescript(document)));
