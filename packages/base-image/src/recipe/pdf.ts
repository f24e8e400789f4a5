import { from } from "../stage/base.ts";
import { stage, type Stage } from "../stage/stage.ts";
import { addAppUser, APP_DIRECTORY, runAsAppUser, TINI_STATIC } from "./app-user.ts";
import { aptInstall } from "./apt.ts";
import { trust } from "./certificate.ts";
import { CHROMIUM, CHROMIUM_LIBRARIES, copyChromium } from "./chromium.ts";
import { binaryProof, SCRATCH, SYSTEM_CERTIFICATES } from "./copy-node.ts";
import { setTimeZone } from "./environment.ts";
import { chooseFonts, fontPackages } from "./fonts.ts";
import { rubyNodeLabels } from "./labels.ts";
import { setLocale } from "./locale.ts";
import type { RubyNodeRecipe } from "./ruby-node-options.ts";

/** The stages that a `pdf` variant copies from. */
export interface PdfSources {
  readonly chromium: Stage;
  readonly node: Stage;
  readonly locale: Stage | undefined;
}

/** What printing does not use of its packages: keyboards, libraries nothing here is linked with, all but one symbols' font. */
const UNUSED: readonly string[] = [
  TINI_STATIC,
  "/usr/share/X11/*",
  ...["libbrotlienc.so*", "libsmime3.so", "libssl3.so"].map((name) => `/usr/lib/*/${name}`),
  ...["DejaVuSans-*", "DejaVuSansMono*", "DejaVuSerif*"].map((name) => `/usr/share/fonts/truetype/dejavu/${name}`),
];

/** A variant that prints pages: the headless shell and fonts on plain Debian; with node when a service is to drive it. */
export function pdfStage(recipe: RubyNodeRecipe, { chromium, node, locale }: PdfSources): Stage {
  const { pdf, certificates, suite } = recipe;
  const fonts = pdf?.fonts ?? [];
  const own = ["tini", "tzdata", ...CHROMIUM_LIBRARIES[suite], ...fontPackages(fonts)];
  const forNode = pdf?.node === true ? ["ca-certificates", "libstdc++6", ...recipe.nodeRule.packages] : [];
  const packages = [...own, ...forNode, ...(pdf?.packages ?? [])];
  return stage("pdf", from(recipe.debianImage))
    .describe("What prints pages as PDF: run it as its own service, read-only, with /tmp in memory")
    .with(aptInstall(packages, { certificates: certificates.build, without: UNUSED }))
    .with(addAppUser)
    .with(pdf?.node === true ? trust(certificates.runtime) : (so) => so)
    .with(setTimeZone(recipe.timeZone))
    .with(setLocale(recipe.locale, locale))
    .with(chooseFonts(fonts))
    .with(copyChromium(chromium))
    .with(pdf?.node === true ? copyBinary(recipe.node, node) : (so) => so)
    .workdir(APP_DIRECTORY)
    .entrypoint(["/usr/bin/tini", "--"])
    .cmd([CHROMIUM, "--version"])
    .label(rubyNodeLabels(recipe, "pdf"))
    .with(runAsAppUser);
}

/** Node alone: a service brings its own modules. */
function copyBinary(version: string, node: Stage): (so: Stage) => Stage {
  return (so) =>
    so
      .copy("/usr/local/bin/node", "/usr/local/bin/", { from: node })
      .run(binaryProof(version).join(" && "), { mounts: SCRATCH, network: "none" })
      .env({ NODE_EXTRA_CA_CERTS: SYSTEM_CERTIFICATES });
}
