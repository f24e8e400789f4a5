/** What goes wrong between a definition, its build context and the engine. */
export type EngineErrorCode =
  | "BASE_IMAGE_PROGRAM_MISSING"
  | "BASE_IMAGE_CONTEXT_MISSING"
  | "BASE_IMAGE_CONTEXT_ENTRY"
  | "BASE_IMAGE_SECRET_MISSING"
  | "BASE_IMAGE_IMAGE_NOT_FOUND"
  | "BASE_IMAGE_ENGINE_UNREACHABLE"
  | "BASE_IMAGE_ENGINE_FAILED"
  | "BASE_IMAGE_BUILD_FAILED"
  | "BASE_IMAGE_VERIFY_FAILED"
  | "BASE_IMAGE_NOTHING_TO_VERIFY"
  | "BASE_IMAGE_ASSETS_INCOMPLETE"
  | "BASE_IMAGE_ARCHIVE_UNREADABLE"
  | "BASE_IMAGE_OVER_BUDGET";

/** Their part of the table. */
export const ENGINE_ERRORS: Readonly<Record<EngineErrorCode, { exitCode: number; meaning: string; remedy: string }>> = {
  BASE_IMAGE_PROGRAM_MISSING: {
    exitCode: 2,
    meaning: "A program to bake in is not installed beside the definition, or has not been bundled.",
    remedy: "Install the package next to the definition file; in this repository run `pnpm bundle`.",
  },
  BASE_IMAGE_CONTEXT_MISSING: {
    exitCode: 2,
    meaning: "The build context is not a folder.",
    remedy: "Correct `context` in the definition; it is relative to the definition file.",
  },
  BASE_IMAGE_CONTEXT_ENTRY: {
    exitCode: 2,
    meaning:
      "The build context holds something that cannot be sent to the engine, or .dockerignore cannot be read as patterns.",
    remedy: "Remove it or name it in .dockerignore.",
  },
  BASE_IMAGE_SECRET_MISSING: {
    exitCode: 2,
    meaning: "A secret that a RUN requires was not given, or its file or variable is not there.",
    remedy: "Pass --secret id=ID,env=NAME or --secret id=ID,src=FILE.",
  },
  BASE_IMAGE_IMAGE_NOT_FOUND: {
    exitCode: 2,
    meaning: "The engine has no image of this name.",
    remedy: "Build it with `base-image build --tag REF`, or pull it.",
  },
  BASE_IMAGE_ENGINE_UNREACHABLE: {
    exitCode: 1,
    meaning: "No Docker engine answers.",
    remedy: "Start Docker, or point DOCKER_HOST at an engine.",
  },
  BASE_IMAGE_ENGINE_FAILED: {
    exitCode: 1,
    meaning: "The Docker engine answered with an error.",
    remedy: "Read the engine's own words in the message.",
  },
  BASE_IMAGE_BUILD_FAILED: {
    exitCode: 1,
    meaning: "An instruction of the build failed.",
    remedy: "Read the instruction and its last output lines in the message.",
  },
  BASE_IMAGE_VERIFY_FAILED: {
    exitCode: 1,
    meaning: "The image is not what its definition says.",
    remedy: "Compare expected and found, then build the image again.",
  },
  BASE_IMAGE_NOTHING_TO_VERIFY: {
    exitCode: 2,
    meaning: "Nothing follows from the definition that an image could be held against.",
    remedy: "Give its stages what the image must say: USER, WORKDIR, ENTRYPOINT, CMD, ENV, EXPOSE or LABEL.",
  },
  BASE_IMAGE_ASSETS_INCOMPLETE: {
    exitCode: 1,
    meaning: "What the assets stage takes is not all its assets are made of: the whole application makes others.",
    remedy: 'Copy what is missing into the stage too: `assetInputs(survey, { also: ["config/settings.yml"] })`.',
  },
  BASE_IMAGE_ARCHIVE_UNREADABLE: {
    exitCode: 1,
    meaning: "A saved image is damaged, or is not in a layout this program knows.",
    remedy: "Save it again with `docker save`.",
  },
  BASE_IMAGE_OVER_BUDGET: {
    exitCode: 3,
    meaning: "An image is larger, or wastes more, than the budget of its variant allows.",
    remedy: "Look at what grew with `base-image layers REF --html layers.html`, or raise the budget.",
  },
};
