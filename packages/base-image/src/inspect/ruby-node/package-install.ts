import type { PackageManager } from "../../recipe/package-manager.ts";
import { shell, type CommandAssertion } from "../assertion.ts";

/** How each package manager installs without a network, into a node_modules folder. */
const INSTALLS: Readonly<Record<"npm" | "pnpm" | "yarn-classic" | "yarn", string>> = {
  npm: "npm install --offline --no-audit --no-fund",
  pnpm: "pnpm install --offline",
  "yarn-classic": "yarn install --offline",
  yarn: "YARN_ENABLE_NETWORK=0 YARN_NODE_LINKER=node-modules yarn install",
};

/**
 * The package manager of the definition, or npm, installs an archive into a project and node loads it. Probes have no
 * network, so one that would fetch itself first fails.
 */
export function packageInstall(manager: Pick<PackageManager, "name" | "version"> = NPM): CommandAssertion {
  const { name, version } = manager;
  const install = INSTALLS[name === "yarn" && version.startsWith("1.") ? "yarn-classic" : name];
  return shell(`user app can ${name} install`, projectWith(install), { kind: "text", text: "7" });
}

/** What comes with node; of its own version nothing is known before. */
const NPM: Pick<PackageManager, "name" | "version"> = { name: "npm", version: "" };

function projectWith(install: string): string {
  return `cd "$(mktemp -d)"
mkdir package
echo '{"name":"dependency","version":"1.0.0","license":"MIT"}' > package/package.json
echo 'module.exports = 7' > package/index.js
tar -czf dependency.tgz package
echo '{"name":"probe","version":"1.0.0","license":"MIT","dependencies":{"dependency":"file:./dependency.tgz"}}' > package.json
touch yarn.lock
${install} > log 2>&1 || { cat log; exit 1; }
node -p 'require("dependency")'`;
}
