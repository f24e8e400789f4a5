/** What goes wrong between stages, and with the frontend they are written for. */
export type StageErrorCode =
  | "BASE_IMAGE_STAGE_NAME"
  | "BASE_IMAGE_STAGE_RESERVED"
  | "BASE_IMAGE_STAGE_DUPLICATE"
  | "BASE_IMAGE_STAGE_FOREIGN"
  | "BASE_IMAGE_STAGE_SELF_COPY"
  | "BASE_IMAGE_STAGE_CYCLE"
  | "BASE_IMAGE_ARG_NOT_GLOBAL"
  | "BASE_IMAGE_ARG_CONFLICT"
  | "BASE_IMAGE_COPY_TARGET"
  | "BASE_IMAGE_FRONTEND_TOO_OLD";

/** Their part of the table. */
export const STAGE_ERRORS: Readonly<Record<StageErrorCode, { exitCode: number; meaning: string; remedy: string }>> = {
  BASE_IMAGE_STAGE_NAME: {
    exitCode: 2,
    meaning: "A stage name is not one BuildKit accepts, or is that of an image or a context beside it.",
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
};
