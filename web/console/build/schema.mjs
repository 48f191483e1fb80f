// `npm run schema`: the types of the relay's API, from relay/openapi.json. Every build and check begins with it; they are not in git.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const SOURCE = fileURLToPath(new URL("../../../relay/openapi.json", import.meta.url));
const TARGET = fileURLToPath(new URL("../src/api/schema.d.ts", import.meta.url));

async function schema() {
  const api = JSON.parse(readFileSync(SOURCE, "utf8"));
  return `// Written from relay/openapi.json by \`npm run schema\`.\n\n${astToString(await openapiTS(api))}`;
}

writeFileSync(TARGET, await schema());
