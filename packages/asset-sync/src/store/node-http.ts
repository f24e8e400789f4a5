import type * as http from "node:http";

type NodeHttp = Pick<typeof http, "Agent" | "request">;

/**
 * Node's client of HTTP or HTTPS. Not by `import`: that asks `node:http` for all that it exports, a WebSocket and a fetch
 * among them, which are loaded only then and take longer than all else that a short run loads.
 */
export function nodeHttp(secure: boolean): NodeHttp {
  return process.getBuiltinModule(secure ? "node:https" : "node:http");
}
