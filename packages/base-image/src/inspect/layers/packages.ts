/** A Debian package of an image. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** What it takes on disk by its own account, in bytes. */
  readonly bytes: number;
}

/** Packages that changed between two images. */
export interface PackageChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** Difference in bytes on disk. */
  readonly bytes: number;
}

const KIBIBYTE = 1024;

/**
 * The installed packages that the text of dpkg's status file names.
 * @see https://www.debian.org/doc/debian-policy/ch-controlfields.html
 */
export function installedPackages(status: string): readonly InstalledPackage[] {
  return status
    .split(/\n\n+/)
    .map((paragraph) => new Map(fieldsOf(paragraph)))
    .filter((fields) => fields.get("Status")?.endsWith(" installed") === true)
    .map((fields) => ({
      name: fields.get("Package") ?? "",
      version: fields.get("Version") ?? "",
      bytes: Number(fields.get("Installed-Size") ?? 0) * KIBIBYTE,
    }));
}

/** What differs between two lists of packages, the biggest difference first. */
export function packageChanges(
  before: readonly InstalledPackage[],
  after: readonly InstalledPackage[],
): readonly PackageChange[] {
  const [old, now] = [byName(before), byName(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .map((name) => {
      const [was, is] = [old.get(name), now.get(name)];
      return { name, before: was?.version, after: is?.version, bytes: (is?.bytes ?? 0) - (was?.bytes ?? 0) };
    })
    .filter((change) => change.before !== change.after || change.bytes !== 0)
    .toSorted((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes));
}

function byName(packages: readonly InstalledPackage[]): ReadonlyMap<string, InstalledPackage> {
  return new Map(packages.map((each) => [each.name, each]));
}

function fieldsOf(paragraph: string): readonly (readonly [string, string])[] {
  return paragraph.split("\n").flatMap((line) => {
    const colon = line.indexOf(": ");
    return colon <= 0 || line.startsWith(" ") ? [] : [[line.slice(0, colon), line.slice(colon + 2)] as const];
  });
}
