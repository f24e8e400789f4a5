export { lookUpServices, missingServices, serviceVariable, type ServiceLookup, type ServiceName } from "./services.ts";
export { freePort } from "./free-port.ts";
export { tempTree, type TempTree } from "./temp-tree.ts";
export { startCountingProxy, type CountingProxy } from "./s3/counting-proxy.ts";
export type { Fault, FaultRule } from "./s3/fault-script.ts";
export type { DoubleObject, IfMatchForm } from "./s3/object-table.ts";
export { startLoopbackServer, type LoopbackServer } from "./s3/loopback-server.ts";
export type { LoggedRequest } from "./s3/request-log.ts";
export { startNullS3, type NullS3 } from "./s3/null-s3.ts";
export { startS3Double, type S3Double, type S3DoubleOptions } from "./s3/s3-double.ts";
export { signatureFault, type S3Credentials } from "./s3/signature.ts";
export { otherNodes, type OtherNode } from "./process/other-nodes.ts";
export { outputOf, runSync, type SyncEnd, type SyncOptions } from "./process/run-sync.ts";
export { fixturePrograms, type FixtureProgram, type FixturePrograms } from "./process/fixture-programs.ts";
export {
  isAlive,
  startProgram,
  until,
  type ProgramEnd,
  type ProgramOptions,
  type RunningProgram,
} from "./process/running-program.ts";
