import type { Stage } from "../stage/stage.ts";

/**
 * Installs Debian packages without recommends and leaves no lists, archives or logs in the layer:
 * `stage(…).with(aptInstall(["git"]))`. Packages are sorted, so that their order in a definition changes nothing.
 */
export function aptInstall(packages: readonly string[]): (stage: Stage) => Stage {
  const names = [...new Set(packages)].toSorted();
  const lines = [
    "apt-get update",
    " && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends",
    ...names.map((name) => `      ${name}`),
    ` && rm -rf ${LEFTOVERS.join(" ")}`,
  ];
  return (stage) => (names.length === 0 ? stage : stage.run(lines.join(" \\\n")));
}

/** What apt, dpkg and ldconfig leave; their logs hold times, so two builds would never be the same. */
const LEFTOVERS = [
  "/var/lib/apt/lists/*",
  "/var/cache/apt/archives/*.deb",
  "/var/cache/ldconfig/aux-cache",
  "/var/log/apt",
  "/var/log/*.log",
];
