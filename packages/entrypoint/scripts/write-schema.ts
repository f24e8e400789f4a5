import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { jsonSchema } from "../src/boot/json-schema.ts";

writeFileSync(join(import.meta.dirname, "../entrypoint.schema.json"), `${JSON.stringify(jsonSchema(), null, 2)}\n`);
