/** A step of BuildKit's solver. */
export interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly cached: boolean;
  readonly started: boolean;
  readonly completed: boolean;
  readonly error: string;
}

/** Output of a step. */
export interface VertexLog {
  readonly vertex: string;
  readonly text: string;
}

/** One report of BuildKit, the same whether it came from the engine's trace or from buildx. */
export interface SolveStatus {
  readonly vertexes: readonly Vertex[];
  readonly logs: readonly VertexLog[];
  readonly warnings: readonly string[];
}

interface RawStatus {
  readonly vertexes?: readonly {
    readonly digest?: string;
    readonly name?: string;
    readonly cached?: boolean;
    readonly started?: string;
    readonly completed?: string;
    readonly error?: string;
  }[];
  readonly logs?: readonly { readonly vertex?: string; readonly data?: string }[];
  readonly warnings?: readonly { readonly short?: string }[];
}

/** Reads a line of `docker buildx build --progress=rawjson`; nothing when the line is something else. */
export function parseRawJson(line: string): SolveStatus | undefined {
  if (!line.startsWith("{")) return undefined;
  let raw: RawStatus;
  try {
    raw = JSON.parse(line);
  } catch {
    return undefined;
  }
  return {
    vertexes: (raw.vertexes ?? []).map((vertex) => ({
      digest: vertex.digest ?? "",
      name: vertex.name ?? "",
      cached: vertex.cached ?? false,
      started: vertex.started !== undefined,
      completed: vertex.completed !== undefined,
      error: vertex.error ?? "",
    })),
    logs: (raw.logs ?? []).map(({ vertex = "", data = "" }) => ({ vertex, text: fromBase64(data) })),
    warnings: (raw.warnings ?? []).map(({ short = "" }) => fromBase64(short)),
  };
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
