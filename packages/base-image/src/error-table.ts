import { REGISTRY_ERRORS, type RegistryErrorCode } from "./registry-errors.ts";

/** Every way base-image can refuse or fail. */
export type ErrorCode =
  | "BASE_IMAGE_USAGE"
  | "BASE_IMAGE_NODE_UNSUPPORTED"
  | "BASE_IMAGE_CONFIG_NOT_FOUND"
  | "BASE_IMAGE_CONFIG_LOAD_FAILED"
  | "BASE_IMAGE_CONFIG_NOT_A_DEFINITION"
  | "BASE_IMAGE_UNKNOWN_KEY"
  | "BASE_IMAGE_UNKNOWN_VARIANT"
  | "BASE_IMAGE_UNKNOWN_RULE"
  | "BASE_IMAGE_INVALID_VALUE"
  | "BASE_IMAGE_DOCKERFILE"
  | "BASE_IMAGE_STAGE_NAME"
  | "BASE_IMAGE_STAGE_RESERVED"
  | "BASE_IMAGE_STAGE_DUPLICATE"
  | "BASE_IMAGE_STAGE_FOREIGN"
  | "BASE_IMAGE_STAGE_SELF_COPY"
  | "BASE_IMAGE_STAGE_CYCLE"
  | "BASE_IMAGE_ARG_NOT_GLOBAL"
  | "BASE_IMAGE_ARG_CONFLICT"
  | "BASE_IMAGE_COPY_TARGET"
  | "BASE_IMAGE_FRONTEND_TOO_OLD"
  | "BASE_IMAGE_VERSION_UNSUPPORTED"
  | "BASE_IMAGE_SUITE_MIXED"
  | "BASE_IMAGE_PACKAGE_MANAGER"
  | "BASE_IMAGE_BUNDLED_WITH"
  | "BASE_IMAGE_PROGRAM_MISSING"
  | "BASE_IMAGE_CONTEXT_MISSING"
  | "BASE_IMAGE_CONTEXT_ENTRY"
  | "BASE_IMAGE_SECRET_MISSING"
  | "BASE_IMAGE_FILE_EXISTS"
  | "BASE_IMAGE_FILE_UNREADABLE"
  | "BASE_IMAGE_FILE_UNWRITABLE"
  | "BASE_IMAGE_FOLDER_UNREADABLE"
  | "BASE_IMAGE_IMAGE_NOT_FOUND"
  | "BASE_IMAGE_ENGINE_UNREACHABLE"
  | "BASE_IMAGE_ENGINE_FAILED"
  | "BASE_IMAGE_BUILD_FAILED"
  | "BASE_IMAGE_VERIFY_FAILED"
  | "BASE_IMAGE_ARCHIVE_UNREADABLE"
  | "BASE_IMAGE_INTERRUPTED"
  | RegistryErrorCode;

/** The table the error class, the documentation and the tests are made from. */
export const ERRORS: Readonly<Record<ErrorCode, { exitCode: number; meaning: string; remedy: string }>> = {
  BASE_IMAGE_USAGE: {
    exitCode: 2,
    meaning: "The command line is not one this program has.",
    remedy: "Compare with `base-image --help` or `base-image VERB --help`.",
  },
  BASE_IMAGE_NODE_UNSUPPORTED: {
    exitCode: 2,
    meaning: "base-image does not run on this version of Node.",
    remedy: "Run it with a version of Node named in the message.",
  },
  BASE_IMAGE_CONFIG_NOT_FOUND: {
    exitCode: 2,
    meaning: "There is no definition file at this path.",
    remedy: "Name it with --config FILE, or write one with `base-image init`.",
  },
  BASE_IMAGE_CONFIG_LOAD_FAILED: {
    exitCode: 2,
    meaning: "The definition file does not load: a syntax error, or an exception while it ran.",
    remedy: "Correct the file at the line named in the message.",
  },
  BASE_IMAGE_CONFIG_NOT_A_DEFINITION: {
    exitCode: 2,
    meaning: "The definition file loads, but its default export is not an image definition.",
    remedy: "End the file with `export default rubyNode({ … })` or `export default defineImage({ … })`.",
  },
  BASE_IMAGE_UNKNOWN_KEY: {
    exitCode: 2,
    meaning: "An object in the definition has a key that means nothing there.",
    remedy: "Correct the spelling or remove the key.",
  },
  BASE_IMAGE_UNKNOWN_RULE: {
    exitCode: 2,
    meaning: "`lint.ignore` of a definition names a rule that there is not.",
    remedy: "Write the code as `base-image check` prints it with the finding.",
  },
  BASE_IMAGE_UNKNOWN_VARIANT: {
    exitCode: 2,
    meaning: "The definition has no variant of this name.",
    remedy: "Use one of the variants named in the message.",
  },
  BASE_IMAGE_INVALID_VALUE: {
    exitCode: 2,
    meaning: "A value cannot be written into a Dockerfile so that BuildKit reads it back unchanged.",
    remedy: "Use a value of the form named in the message.",
  },
  BASE_IMAGE_DOCKERFILE: {
    exitCode: 2,
    meaning: "A Dockerfile has an error, at the line and column of the message.",
    remedy: "Correct it; `base-image read DOCKERFILE` shows all of them.",
  },
  BASE_IMAGE_STAGE_NAME: {
    exitCode: 2,
    meaning: "A stage name is not one BuildKit accepts.",
    remedy: "Begin with a small letter and go on with small letters, digits, '-', '_' and '.'.",
  },
  BASE_IMAGE_STAGE_RESERVED: {
    exitCode: 2,
    meaning: "A stage has a name that means something else to BuildKit.",
    remedy: "Choose a name other than `scratch` and `context`.",
  },
  BASE_IMAGE_STAGE_DUPLICATE: {
    exitCode: 2,
    meaning: "Two stages of one definition have the same name; BuildKit would silently use the later one.",
    remedy: "Rename one of them.",
  },
  BASE_IMAGE_STAGE_FOREIGN: {
    exitCode: 2,
    meaning: "A stage is used that is not among the definition's stages.",
    remedy: "Add the stage value to `stages`, or use the value that is there: every call on a stage makes a new one.",
  },
  BASE_IMAGE_STAGE_SELF_COPY: {
    exitCode: 2,
    meaning: "A stage copies from, or is built from, an earlier value of itself.",
    remedy: "Give the earlier value a name of its own and add it to `stages`.",
  },
  BASE_IMAGE_STAGE_CYCLE: {
    exitCode: 2,
    meaning: "Stages need each other in a circle.",
    remedy: "Move what they share into a stage both can use.",
  },
  BASE_IMAGE_ARG_NOT_GLOBAL: {
    exitCode: 2,
    meaning: "A FROM uses a variable that is not a build argument; BuildKit would put nothing in its place.",
    remedy: "Use a build argument made with `arg()`.",
  },
  BASE_IMAGE_ARG_CONFLICT: {
    exitCode: 2,
    meaning: "Two build arguments of one name have different defaults where only one of them can count.",
    remedy: "Use one value of `arg()` in both places, or give the arguments different names.",
  },
  BASE_IMAGE_COPY_TARGET: {
    exitCode: 2,
    meaning:
      "Several sources are copied to a target that is not a folder; each would be written over the one before it.",
    remedy: "End the target with a slash.",
  },
  BASE_IMAGE_FRONTEND_TOO_OLD: {
    exitCode: 2,
    meaning: "The Dockerfile is to be read by a frontend that does not know something in it.",
    remedy: "Do without the feature named in the message, or choose a newer `frontend` or `syntax` in the definition.",
  },
  BASE_IMAGE_VERSION_UNSUPPORTED: {
    exitCode: 2,
    meaning: "This ruby, node or Debian suite is not in the table of supported combinations.",
    remedy: "Use one of the versions named in the message.",
  },
  BASE_IMAGE_SUITE_MIXED: {
    exitCode: 2,
    meaning: "ruby and node would come from different Debian suites.",
    remedy: "Take both from the same suite.",
  },
  BASE_IMAGE_PACKAGE_MANAGER: {
    exitCode: 2,
    meaning: "`packageManager` does not name a package manager with an exact version.",
    remedy: "Write it as in package.json: yarn@1.22.22, npm@11.6.2, pnpm@10.4.1.",
  },
  BASE_IMAGE_BUNDLED_WITH: {
    exitCode: 2,
    meaning: "The Gemfile.lock could not be read, or has no BUNDLED WITH line.",
    remedy: 'Run `bundle lock`, or write the version out: bundler: "2.5.22".',
  },
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
  BASE_IMAGE_FILE_EXISTS: {
    exitCode: 2,
    meaning: "The file to write is already there.",
    remedy: "Remove it, or name another with --config FILE.",
  },
  BASE_IMAGE_FILE_UNREADABLE: {
    exitCode: 2,
    meaning: "The file to read is not there, or may not be read.",
    remedy: "Correct the path; `-` reads the standard input.",
  },
  BASE_IMAGE_FILE_UNWRITABLE: {
    exitCode: 2,
    meaning: "The definition cannot be written: its folder is not there, or nothing may be written to it.",
    remedy: "Make the folder, or name another file with --config FILE.",
  },
  BASE_IMAGE_FOLDER_UNREADABLE: {
    exitCode: 2,
    meaning: "A file that `init` takes the versions from cannot be read, or is not what its name says.",
    remedy: "Correct the file named in the message.",
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
  BASE_IMAGE_ARCHIVE_UNREADABLE: {
    exitCode: 1,
    meaning: "A saved image is damaged, or is not in a layout this program knows.",
    remedy: "Save it again with `docker save`.",
  },
  ...REGISTRY_ERRORS,
  BASE_IMAGE_INTERRUPTED: {
    exitCode: 130,
    meaning: "The work was interrupted by a signal.",
    remedy: "Run it again.",
  },
};
