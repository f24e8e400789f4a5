import type { TmpfsMount } from "../dockerfile/mount.ts";
import { tmpfs } from "../stage/mount.ts";
import type { Stage } from "../stage/stage.ts";
import { asAppUser } from "./app-user.ts";
import { PREFIX } from "./package-manager.ts";
import type { RubyNodeRecipe } from "./ruby-node-options.ts";

/** Programs write caches and histories; what a check writes belongs in no layer. */
export const SCRATCH: readonly TmpfsMount[] = [tmpfs("/root"), tmpfs("/tmp")];

/** Where Debian's programs find the authorities of the system. */
export const SYSTEM_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/**
 * Copies node by the rule of its major: folders and the real binary, never a link (COPY would follow it) and never the
 * headers. The links are made again, and the build fails when a library is missing, the version is another one, or the
 * package manager does not run as the application's user without a network.
 */
export function copyNode(recipe: RubyNodeRecipe, node: Stage): (stage: Stage) => Stage {
  const from = { from: node };
  return (stage) =>
    copiedFolders(recipe)
      .reduce(
        (so, [source, target = source]) => so.copy(source, target, from),
        stage.comment("Node and what comes with it; COPY follows links, so they are made again"),
      )
      .run([...links(recipe), ...binaryProof(recipe.node), managerProof(recipe)].join(" && "), {
        mounts: SCRATCH,
        network: "none",
      })
      .comment("Node has certificates of its own; these are the system's")
      .env({ NODE_EXTRA_CA_CERTS: SYSTEM_CERTIFICATES });
}

/** What a build holds against the node binary: all libraries are there, and it is the version of the definition. */
export function binaryProof(version: string): readonly string[] {
  const pattern = version.split(".").length === 3 ? `^v${version}$` : `^v${version}.`;
  return [
    `! ldd /usr/local/bin/node | grep 'not found'`,
    `node --version | grep '${pattern.replaceAll(".", String.raw`\.`)}'`,
  ];
}

function copiedFolders(recipe: RubyNodeRecipe): readonly (readonly [string, string?])[] {
  const { manager } = recipe;
  const yarn = yarnOfNode(recipe);
  return [
    ["/usr/local/bin/node", "/usr/local/bin/"],
    ...(manager?.name === "npm" ? [] : ([["/usr/local/lib/node_modules/npm/"]] as const)),
    ...(yarn === undefined ? [] : ([[`/opt/yarn-v${yarn}/`]] as const)),
    ...(manager?.source.from === "npm" ? ([[`${PREFIX}/`, "/usr/local/"]] as const) : []),
  ];
}

function links(recipe: RubyNodeRecipe): readonly string[] {
  const yarn = yarnOfNode(recipe);
  const npm = recipe.manager?.name === "npm" ? [] : ["npm", "npx"];
  return [
    "ln -s node /usr/local/bin/nodejs",
    ...npm.map((name) => `ln -s ../lib/node_modules/npm/bin/${name}-cli.js /usr/local/bin/${name}`),
    ...(yarn === undefined ? [] : ["yarn", "yarnpkg"]).map(
      (name) => `ln -s /opt/yarn-v${yarn}/bin/${name} /usr/local/bin/${name}`,
    ),
  ];
}

function managerProof({ manager }: RubyNodeRecipe): string {
  const version = manager === undefined ? "" : ` && test "$(${manager.name} --version)" = ${manager.version}`;
  return asAppUser(`sh -c 'npm --version${version}'`);
}

/** The version of Yarn 1 that is copied from the node image. */
function yarnOfNode({ manager, nodeRule }: RubyNodeRecipe): string | undefined {
  return manager?.source.from === "node" ? nodeRule.yarn : undefined;
}
