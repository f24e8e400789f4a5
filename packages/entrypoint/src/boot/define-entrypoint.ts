import type { EntrypointConfig } from "./definition-config.ts";

/**
 * A definition with the types of its keys, for a TypeScript file that an image's build compiles to `entrypoint.json`. It is
 * returned as it is; values are checked where it is started, because variables have no value before.
 */
export function defineEntrypoint(definition: EntrypointConfig): EntrypointConfig {
  return definition;
}
