import { at, inStages, type Hit, type Rule } from "../rule.ts";
import type { LintStage } from "../lint-file.ts";

/** Rules about the image a stage stands on. */
export const BASE_RULES: readonly Rule[] = [
  {
    code: "base-untagged",
    kind: "lint",
    severity: "warning",
    title: "A base without a tag",
    reason:
      "Without a tag the build takes `latest`, which is another image next month: it breaks without a change of yours.",
    remedy: "Name a tag that says the version you tested, or a digest.",
    link: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    also: ["DL3006"],
    bad: { text: "FROM ruby\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie\n",
    find: inStages((stage) => {
      if (stage.image === undefined || stage.image === "scratch") return undefined;
      if (isTagged(stage.image) || stage.image.includes("$")) return undefined;
      return { ...atBase(stage), message: `${stage.image} has no tag` };
    }),
  },
  {
    code: "base-latest",
    kind: "lint",
    severity: "warning",
    title: "A base that is the latest one",
    reason: "`latest` moves: two builds of the same file stand on different images, and nothing says so.",
    remedy: "Name the tag of the version you tested, or a digest.",
    link: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    also: ["DL3007"],
    bad: { text: "FROM ruby:latest\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie\n",
    find: inStages((stage) =>
      stage.image?.endsWith(":latest") === true
        ? { ...atBase(stage), message: `${stage.image} is whatever is newest when it is built` }
        : undefined,
    ),
  },
  {
    code: "base-without-digest",
    kind: "lint",
    severity: "info",
    pedantic: true,
    title: "A base without a digest",
    reason: "A tag is moved when its image is built again. Only a digest names the same bytes for ever.",
    remedy: "Write NAME:TAG@sha256:DIGEST and let a program keep it fresh.",
    link: "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    also: [],
    bad: { text: "FROM ruby:3.4-slim-trixie\nHEALTHCHECK NONE\n", line: 1 },
    good: `FROM ruby:3.4-slim-trixie@sha256:${"0f".repeat(32)}\nHEALTHCHECK NONE\n`,
    find: inStages((stage) => {
      if (stage.image === undefined || stage.image === "scratch" || stage.image.includes("@")) return undefined;
      return { ...atBase(stage), message: `${stage.image} is a tag, which can be moved` };
    }),
  },
  {
    code: "from-platform-constant",
    kind: "lint",
    severity: "warning",
    title: "A stage for one fixed platform",
    reason: "A constant in `--platform` makes every build take this architecture, emulated where it is another.",
    remedy: "Leave it out, or write $BUILDPLATFORM; build with `--platform` for another architecture.",
    link: "https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/",
    also: ["FromPlatformFlagConstDisallowed", "DL3029"],
    bad: { text: "FROM --platform=linux/amd64 ruby:3.4-slim-trixie\n", line: 1 },
    good: "FROM --platform=$BUILDPLATFORM ruby:3.4-slim-trixie\n",
    find: inStages((stage) => {
      const { platform } = stage.from;
      // a stage for each architecture, named after it, chooses among them by an argument
      if (platform === undefined || platform.includes("$")) return undefined;
      const architecture = platform.split("/")[1] ?? platform;
      if (stage.name?.includes(architecture) === true) return undefined;
      return { ...atFlag(stage, "platform"), message: `the platform is always ${platform}` };
    }),
  },
  {
    code: "from-platform-redundant",
    kind: "lint",
    severity: "warning",
    title: "The platform that is taken anyway",
    reason: "`--platform=$TARGETPLATFORM` is what BuildKit does without it.",
    remedy: "Remove the flag.",
    link: "https://docs.docker.com/reference/build-checks/redundant-target-platform/",
    also: ["RedundantTargetPlatform"],
    bad: { text: "FROM --platform=$TARGETPLATFORM ruby:3.4-slim-trixie\n", line: 1 },
    good: "FROM ruby:3.4-slim-trixie\n",
    find: inStages((stage) =>
      /^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(stage.from.platform ?? "")
        ? { ...atFlag(stage, "platform"), message: `${stage.from.platform ?? ""} is the platform without the flag too` }
        : undefined,
    ),
  },
];

function isTagged(reference: string): boolean {
  return reference.includes("@") || /:[^/]*$/.test(reference);
}

function atBase({ from }: LintStage): Pick<Hit, "line" | "column"> {
  return at(from, from.words[0]);
}

function atFlag({ from }: LintStage, name: string): Pick<Hit, "line" | "column"> {
  return at(
    from,
    from.flags.find((flag) => flag.name === name),
  );
}
