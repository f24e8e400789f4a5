import { STAGE_ERRORS, type StageErrorCode } from "./stage-errors.ts";
import { ENGINE_ERRORS, type EngineErrorCode } from "./engine-errors.ts";
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
  | "BASE_IMAGE_VERSION_UNSUPPORTED"
  | "BASE_IMAGE_SUITE_MIXED"
  | "BASE_IMAGE_PACKAGE_MANAGER"
  | "BASE_IMAGE_BUNDLED_WITH"
  | "BASE_IMAGE_CERTIFICATE"
  | "BASE_IMAGE_FILE_EXISTS"
  | "BASE_IMAGE_FILE_UNREADABLE"
  | "BASE_IMAGE_FILE_UNWRITABLE"
  | "BASE_IMAGE_FOLDER_UNREADABLE"
  | "BASE_IMAGE_OUTPUT_FAILED"
  | "BASE_IMAGE_INTERRUPTED"
  | StageErrorCode
  | EngineErrorCode
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
  BASE_IMAGE_CERTIFICATE: {
    exitCode: 2,
    meaning: "The file could not be read, holds a private key, or holds no certificate.",
    remedy: "Name a PEM file with nothing but the certificates of authorities.",
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
  ...STAGE_ERRORS,
  ...ENGINE_ERRORS,
  ...REGISTRY_ERRORS,
  BASE_IMAGE_OUTPUT_FAILED: {
    exitCode: 1,
    meaning:
      "The standard output or the standard error cannot be written, for another reason than that its reader has gone.",
    remedy: "Write it to where there is room.",
  },
  BASE_IMAGE_INTERRUPTED: {
    exitCode: 130,
    meaning: "The work was interrupted by a signal.",
    remedy: "Run it again.",
  },
};
