import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { startLoopbackServer, type LoopbackServer } from "@slipway/testkit";

const run = promisify(execFile);
const PACKAGES = join(import.meta.dirname, "../../packages");

/** The packages that are published. */
export const PUBLISHED = ["asset-sync", "base-image", "entrypoint"] as const;

/** Package managers do not take what was published a few days ago. */
const AGED = "2026-01-01T00:00:00.000Z";

interface Packed {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly body: Buffer;
}

/** Packs every published package into a folder, as a release would, and serves them as an npm registry for their scope. */
export async function startPackageRegistry(folder: string): Promise<LoopbackServer> {
  const packed = await Promise.all(PUBLISHED.map((name) => packPackage(name, join(folder, name))));
  return startLoopbackServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    const found = packed.find(({ manifest }) => path.startsWith(`/${manifest.name}`));
    if (found === undefined) response.writeHead(404).end();
    else if (path.endsWith(".tgz")) response.end(found.body);
    else {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(describe(found, `http://${request.headers.host}`)));
    }
  });
}

/** What a registry answers to the name of a package. */
function describe({ manifest, body }: Packed, origin: string): object {
  const { name, version } = manifest;
  const dist = {
    tarball: `${origin}/${name}/-/${version}.tgz`,
    integrity: `sha512-${createHash("sha512").update(body).digest("base64")}`,
    shasum: createHash("sha1").update(body).digest("hex"),
  };
  return {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { [version]: AGED },
  };
}

async function packPackage(name: string, folder: string): Promise<Packed> {
  await mkdir(folder, { recursive: true });
  await run("npx", ["--yes", "pnpm@12", "pack", "--pack-destination", folder], { cwd: join(PACKAGES, name) });
  const [file = ""] = await readdir(folder);
  const { stdout } = await run("tar", ["-xzOf", join(folder, file), "package/package.json"]);
  return { manifest: JSON.parse(stdout) as Packed["manifest"], body: await readFile(join(folder, file)) };
}
