import { assertKind, listOf, matching, type ValueKind } from "../dockerfile/value-kind.ts";
import type { Stage } from "../stage/stage.ts";

/** A Debian package, with a version or a release where it must be that one. */
export const DEBIAN_PACKAGE: ValueKind = matching(
  /^[a-z0-9][a-z0-9.+-]+(?::[a-z0-9]+)?(?:[=/][A-Za-z0-9.+:~-]+)?$/,
  "the name of a Debian package",
);

/**
 * Installs Debian packages without recommends and leaves no lists, archives or logs in the layer:
 * `stage(…).with(aptInstall(["git"]))`. Packages are sorted, so that their order in a definition changes nothing.
 */
export function aptInstall(packages: readonly string[]): (stage: Stage) => Stage {
  assertKind(listOf(DEBIAN_PACKAGE), packages, "aptInstall()", "packages");
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
