import { from } from "../stage/base.ts";
import { stage, type Stage } from "../stage/stage.ts";
import { asAppUser } from "./app-user.ts";
import { SCRATCH } from "./copy-node.ts";
import type { RubyNodeRecipe } from "./ruby-node-options.ts";
import { serverAccess } from "./server-access.ts";
import type { Suite } from "./supported.ts";

/** Where the browser is; its data files lie beside it. */
export const CHROMIUM_FOLDER = "/usr/lib/chromium/";

/** The browser as programs call it. */
export const CHROMIUM = "/usr/local/bin/chromium-headless-shell";

/** What is taken out of each package; without icudtl.dat the shell crashes at once. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  "chromium-common": [`.${CHROMIUM_FOLDER}icudtl.dat`, `.${CHROMIUM_FOLDER}v8_context_snapshot.bin`],
  "chromium-headless-shell": [`.${CHROMIUM_FOLDER}chromium-headless-shell`, `.${CHROMIUM_FOLDER}headless_*.pak`],
  libgbm1: ["./usr/lib/*/libgbm.so.1*"],
};

/** The names of libraries that are the same in both suites. */
const IN_EVERY_SUITE = [
  "libdbus-1-3",
  "libdouble-conversion3",
  "libdrm2",
  "libexpat1",
  "libfontconfig1",
  "libfreetype6",
  "libharfbuzz-subset0",
  "libharfbuzz0b",
  "libjpeg62-turbo",
  "liblcms2-2",
  "libnspr4",
  "libnss3",
  "libopenjp2-7",
  "libopus0",
  "libpulse0",
  "libx11-6",
  "libxcb1",
  "libxcomposite1",
  "libxdamage1",
  "libxext6",
  "libxfixes3",
  "libxkbcommon0",
  "libxnvctrl0",
  "libxrandr2",
];

/**
 * What the headless shell is linked with, but libgbm1: that package needs Mesa and LLVM (210 MB), and its library alone is
 * enough for printing. trixie's t64 names are those of its 64-bit time.
 * @see https://packages.debian.org/trixie/chromium-headless-shell
 */
export const CHROMIUM_LIBRARIES: Readonly<Record<Suite, readonly string[]>> = {
  bookworm: [
    ...IN_EVERY_SUITE,
    "libasound2",
    "libatk1.0-0",
    "libatspi2.0-0",
    "libdav1d6",
    "libflac12",
    "libglib2.0-0",
    "libminizip1",
    "libopenh264-7",
  ],
  trixie: [
    ...IN_EVERY_SUITE,
    "libasound2t64",
    "libatk1.0-0t64",
    "libatspi2.0-0t64",
    "libdav1d7",
    "libflac14",
    "libglib2.0-0t64",
    "libminizip1t64",
    "libopenh264-8",
  ],
};

/** A stage that takes the headless shell and what it needs out of Debian's packages, without installing these. */
export function chromiumSource({ debianImage, certificates }: RubyNodeRecipe): Stage {
  const { apt, mounts } = serverAccess(certificates.build);
  const extract = Object.entries(FILES).map(
    ([name, patterns]) =>
      `dpkg-deb --fsys-tarfile ${name}_*.deb | tar --extract --directory /out --wildcards ${patterns.map((pattern) => `'${pattern}'`).join(" ")}`,
  );
  return stage("chromium", from(debianImage))
    .describe("Chromium's headless shell out of its packages, whose other dependencies printing does not need")
    .workdir("/packages")
    .run([`apt-get${apt} update`, `apt-get${apt} download ${Object.keys(FILES).join(" ")}`].join(" && "), { mounts })
    .run(["mkdir /out", ...extract].join(" && "));
}

/** Takes the browser over; the build fails when it lacks a library or does not start. */
export function copyChromium(source: Stage): (so: Stage) => Stage {
  return (so) =>
    so
      .copy("/out/", "/", { from: source })
      .run(
        [
          `ln -s ${CHROMIUM_FOLDER}chromium-headless-shell ${CHROMIUM}`,
          `! ldd ${CHROMIUM} | grep 'not found'`,
          asAppUser(`${CHROMIUM} --version`),
        ].join(" && "),
        { mounts: SCRATCH, network: "none" },
      )
      .comment("Where Puppeteer looks for a browser instead of downloading one")
      .env({ PUPPETEER_EXECUTABLE_PATH: CHROMIUM, PUPPETEER_SKIP_DOWNLOAD: "true" });
}
