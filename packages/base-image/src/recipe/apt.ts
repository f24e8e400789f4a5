import type { Stage } from "../stage/stage.ts";

/**
 * Installs Debian packages without recommends and leaves no lists, archives or logs in the layer:
 * `stage(…).with(aptInstall(["git"]))`. Packages are sorted, so that their order in a definition changes nothing.
 */
export function aptInstall(packages: readonly string[]): (stage: Stage) => Stage {
  const names = [...new Set(packages)].toSorted();
  return (stage) =>
    names.length === 0
      ? stage
      : stage.run(
          [
            "apt-get update",
            `DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${names.join(" ")}`,
            "rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache",
          ].join(" && "),
        );
}
