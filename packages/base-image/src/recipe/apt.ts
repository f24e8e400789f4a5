import {
  assertKind,
  assertShape,
  listOf,
  matching,
  optional,
  type ShapeKinds,
  type ValueKind,
} from "../dockerfile/value-kind.ts";
import { tmpfs } from "../stage/mount.ts";
import type { Stage } from "../stage/stage.ts";
import { serverAccess } from "./server-access.ts";

/** A Debian package, with a version or a release where it must be that one. */
export const DEBIAN_PACKAGE: ValueKind = matching(
  /^[a-z0-9][a-z0-9.+-]+(?::[a-z0-9]+)?(?:[=/][A-Za-z0-9.+:~-]+)?$/,
  "the name of a Debian package",
);

/** The id of a secret, as a file name under /run/secrets can be. */
export const SECRET_ID: ValueKind = matching(
  /^[A-Za-z0-9][\w.-]*$/,
  "the id of a secret: letters, digits, '.', '_' and '-'",
);

/** Options of {@link aptInstall}. */
export interface AptOptions {
  /** The id of a secret with the authorities that the package servers' certificates are from. */
  readonly certificates?: string | undefined;
  /** Paths of the packages that are not unpacked, as patterns of dpkg. */
  readonly without?: readonly string[];
}

const OPTIONS: ShapeKinds = {
  certificates: optional(SECRET_ID),
  without: optional(listOf(matching(/^\/[\w./*+-]+$/, "an absolute path, which may hold asterisks"))),
};

/**
 * Installs Debian packages without recommends and leaves no lists, archives or logs in the layer:
 * `stage(…).with(aptInstall(["git"]))`. Packages are sorted, so that their order in a definition changes nothing; debconf's
 * answers, which every installation would write anew, are kept in memory.
 */
export function aptInstall(packages: readonly string[], options: AptOptions = {}): (stage: Stage) => Stage {
  assertKind(listOf(DEBIAN_PACKAGE), packages, "aptInstall()", "packages");
  assertShape(options, OPTIONS, "aptInstall()", "the options");
  const { apt, mounts } = serverAccess(options.certificates);
  const excluded = (options.without ?? []).map((path) => ` --option Dpkg::Options::=--path-exclude=${path}`).join("");
  const names = [...new Set(packages)].toSorted();
  const lines = [
    `apt-get${apt} update`,
    ` && DEBIAN_FRONTEND=noninteractive apt-get${apt}${excluded} install --yes --no-install-recommends`,
    ...names.map((name) => `      ${name}`),
    ` && rm -rf ${LEFTOVERS.join(" ")}`,
  ];
  return (stage) =>
    names.length === 0 ? stage : stage.run(lines.join(" \\\n"), { mounts: [...mounts, tmpfs("/var/cache/debconf")] });
}

/** What apt, dpkg and ldconfig leave; their logs hold times, so two builds would never be the same. */
const LEFTOVERS = [
  "/var/lib/apt/lists/*",
  "/var/cache/apt/archives/*.deb",
  "/var/cache/ldconfig/aux-cache",
  "/var/log/apt",
  "/var/log/*.log",
];
