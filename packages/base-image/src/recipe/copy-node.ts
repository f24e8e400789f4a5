import type { TmpfsMount } from "../dockerfile/mount.ts";
import { tmpfs } from "../stage/mount.ts";
import type { Stage } from "../stage/stage.ts";
import type { PackageManager } from "./package-manager.ts";
import type { NodeRule } from "./supported.ts";

/** Programs write caches and histories; what a check writes belongs in no layer. */
export const SCRATCH: readonly TmpfsMount[] = [tmpfs("/root"), tmpfs("/tmp")];

/** What decides which parts of the node image are copied. */
export interface NodeCopy {
  readonly node: Stage;
  readonly version: string;
  readonly rule: NodeRule;
  readonly manager: PackageManager | undefined;
}

/**
 * Copies node by the rule of its major: folders and the real binary, never a link (COPY would follow it) and never the
 * headers. The links are made again, and the build fails when a library is missing or the version is another one.
 */
export function copyNode(copy: NodeCopy): (stage: Stage) => Stage {
  const yarn = copy.manager?.name === "yarn" && copy.manager.source.from === "node" ? copy.rule.yarn : undefined;
  const from = { from: copy.node };
  return (stage) => {
    const copied = stage
      .comment("Node: the binary and npm; COPY follows links, so they are made again")
      .copy("/usr/local/bin/node", "/usr/local/bin/", from)
      .copy("/usr/local/lib/node_modules/npm/", "/usr/local/lib/node_modules/npm/", from);
    const withYarn = yarn === undefined ? copied : copied.copy(`/opt/yarn-v${yarn}/`, `/opt/yarn-v${yarn}/`, from);
    return withYarn
      .run([...links(yarn), ...proof(copy.version)].join(" && "), { mounts: SCRATCH })
      .comment("Node has certificates of its own; these are the system's")
      .env({ NODE_EXTRA_CA_CERTS: "/etc/ssl/certs/ca-certificates.crt" });
  };
}

/** Installs the package manager that is not in the node image, and proves its version. */
export function installPackageManager(manager: PackageManager | undefined): (stage: Stage) => Stage {
  return (stage) => {
    if (manager === undefined) return stage;
    const check = `test "$(${manager.name} --version)" = ${manager.version}`;
    if (manager.source.from === "node") return stage.run(check, { mounts: SCRATCH });
    const install = `npm install --global --no-audit --no-fund --no-update-notifier ${manager.source.package}`;
    return stage.run(`${install} && ${check}`, { mounts: SCRATCH });
  };
}

function links(yarn: string | undefined): readonly string[] {
  const npm = ["npm", "npx"].map((name) => `ln -s ../lib/node_modules/npm/bin/${name}-cli.js /usr/local/bin/${name}`);
  const yarns =
    yarn === undefined
      ? []
      : ["yarn", "yarnpkg"].map((name) => `ln -s /opt/yarn-v${yarn}/bin/${name} /usr/local/bin/${name}`);
  return ["ln -s node /usr/local/bin/nodejs", ...npm, ...yarns];
}

function proof(version: string): readonly string[] {
  const pattern = version.split(".").length === 3 ? `^v${version}$` : `^v${version}.`;
  return [
    `! ldd /usr/local/bin/node | grep 'not found'`,
    `node --version | grep '${pattern.replaceAll(".", String.raw`\.`)}'`,
    "npm --version",
  ];
}
