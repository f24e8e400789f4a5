import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { argv, env } from "node:process";

import { inParallel, put } from "./bare-s3.ts";

/** What no client can be faster than by much: signed requests on kept connections, and nothing else. */
const [, , tree = "", bucket = "", endpoint = ""] = argv;
const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = env;
const server = { endpoint, accessKeyId, secretAccessKey };
await inParallel(await readdir(join(tree, "assets")), async (name, agent) =>
  put(agent, server, `/${bucket}/assets/${name}`, { body: await readFile(join(tree, "assets", name)) }),
);
