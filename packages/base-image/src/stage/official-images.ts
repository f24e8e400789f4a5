/** What is known of an official image without pulling it. */
export interface OfficialImage {
  /** The package manager that its tags stand on. */
  readonly packages: "apt" | "apk" | "dnf" | "zypper" | "pacman" | "none";
}

/** Official images that run as root, stand in `/` and, unless their tag says `alpine`, hold these packages. */
const IMAGES: Readonly<Record<string, OfficialImage["packages"]>> = {
  debian: "apt",
  ubuntu: "apt",
  "buildpack-deps": "apt",
  ruby: "apt",
  node: "apt",
  python: "apt",
  php: "apt",
  rust: "apt",
  perl: "apt",
  openjdk: "apt",
  "eclipse-temurin": "apt",
  nginx: "apt",
  httpd: "apt",
  alpine: "apk",
  fedora: "dnf",
  rockylinux: "dnf",
  almalinux: "dnf",
  amazonlinux: "dnf",
  oraclelinux: "dnf",
  archlinux: "pacman",
  busybox: "none",
};

/** The row of an image reference; nothing where it is no official image this table has. */
export function officialImage(reference: string): OfficialImage | undefined {
  const [name = "", tag = ""] = reference
    .replace(/@.*$/, "")
    .replace(/^(?:docker\.io\/)?(?:library\/)?/, "")
    .split(":");
  if (!Object.hasOwn(IMAGES, name)) return undefined;
  const packages = IMAGES[name] ?? "none";
  return { packages: tag.includes("alpine") ? "apk" : packages };
}
