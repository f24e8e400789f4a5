export { ERRORS, EntrypointError, type ErrorCode } from "./errors.ts";
export type { Emit, EntrypointEvent } from "./events.ts";
export { readDefinition, type Definition, type Task } from "./boot/definition.ts";
export { jsonSchema } from "./boot/json-schema.ts";
export { TASK_KEYS, TOP_KEYS, type KeyRow, type TaskName, type ValueRule } from "./boot/schema.ts";
export { SIGNALS, type SignalRow } from "./process/signals.ts";
export { EXIT_CODES } from "./process/exit-codes.ts";
