import { from } from "../stage/base.ts";
import { stage, type Stage } from "../stage/stage.ts";
import { aptInstall } from "./apt.ts";
import { SCRATCH } from "./copy-node.ts";
import { PREFIX, type PackageManager } from "./package-manager.ts";
import type { RubyNodeRecipe } from "./ruby-node-options.ts";
import { serverAccess } from "./server-access.ts";

/**
 * The node image as the other stages copy from it: with the package manager, without documentation and the headers of
 * other machines. What is changed here and not there is in the image once.
 */
export function nodeSource(recipe: RubyNodeRecipe): Stage {
  return stage("node", from(recipe.nodeImage))
    .describe("Node and the package manager to copy from: what is taken out here is in no layer of the image")
    .with(recipe.stripNode ? stripNode(recipe) : (so) => so)
    .with(installPackageManager(recipe))
    .run(
      [
        `rm -rf ${npmFolder(recipe.manager)}/docs ${npmFolder(recipe.manager)}/man`,
        `find ${folders(recipe.manager).join(" ")} -name '*.md' ! -iname 'licen[cs]e*' -delete`,
        `find /usr/local/include/node/openssl/archs -mindepth 1 -maxdepth 1 ! -name "linux*-$(uname -m)" -exec rm -rf {} +`,
      ].join(" && "),
      { mounts: SCRATCH },
    );
}

/** Takes the symbols out: about 18 MB, for crash dumps and profiles without the names of native functions. */
function stripNode({ certificates }: RubyNodeRecipe): (so: Stage) => Stage {
  return (so) =>
    so
      .with(aptInstall(["binutils"], { certificates: certificates.build }))
      .run("strip --strip-all /usr/local/bin/node && node --version");
}

/**
 * Installs the package manager that is not in the node image under {@link PREFIX}, links included. pnpm 12 puts its native
 * binary in place by a script, without which it would be downloaded at first use.
 * @see https://docs.npmjs.com/cli/commands/npm-install#allow-scripts
 */
function installPackageManager({ manager, certificates }: RubyNodeRecipe): (so: Stage) => Stage {
  const source = manager?.source;
  if (source?.from !== "npm") return (so) => so;
  const { npm, mounts } = serverAccess(certificates.build);
  const flags = [
    "--global",
    `--prefix ${PREFIX}`,
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--engine-strict",
    ...(manager?.name === "pnpm" ? ["--allow-scripts=pnpm"] : []),
  ];
  return (so) => so.run(`${npm}npm install ${flags.join(" ")} ${source.package}`, { mounts: [...SCRATCH, ...mounts] });
}

function npmFolder(manager: PackageManager | undefined): string {
  return `${manager?.name === "npm" ? PREFIX : "/usr/local"}/lib/node_modules/npm`;
}

function folders(manager: PackageManager | undefined): readonly string[] {
  return manager?.source.from === "npm" && manager.name !== "npm" ? [npmFolder(manager), PREFIX] : [npmFolder(manager)];
}
