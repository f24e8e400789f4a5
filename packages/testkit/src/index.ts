export { lookUpServices, missingServices, serviceVariable, type ServiceLookup, type ServiceName } from "./services.ts";
export { tempTree, type TempTree } from "./temp-tree.ts";
