import type { SolveStatus, Vertex } from "./status.ts";

/**
 * Decodes the `moby.buildkit.trace` records of the engine's build stream: protocol-buffer StatusResponse messages.
 * @see https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
 */
export function decodeTrace(base64: string): SolveStatus {
  const fields = readMessage(Buffer.from(base64, "base64"));
  return {
    vertexes: bytes(fields, 1).map((body) => readVertex(readMessage(body))),
    logs: bytes(fields, 3).map((body) => {
      const log = readMessage(body);
      return { vertex: text(log, 1), text: text(log, 4) };
    }),
    warnings: bytes(fields, 4).map((body) => text(readMessage(body), 3)),
  };
}

type Message = ReadonlyMap<number, readonly (Buffer | number)[]>;

function readVertex(message: Message): Vertex {
  return {
    digest: text(message, 1),
    name: text(message, 3),
    cached: message.get(4)?.at(-1) === 1,
    started: message.has(5),
    completed: message.has(6),
    error: text(message, 7),
  };
}

function bytes(message: Message, field: number): readonly Buffer[] {
  return (message.get(field) ?? []).filter((value) => typeof value !== "number");
}

function text(message: Message, field: number): string {
  return bytes(message, field).at(-1)?.toString("utf8") ?? "";
}

/** @see https://protobuf.dev/programming-guides/encoding/ */
function readMessage(buffer: Buffer): Message {
  const fields = new Map<number, (Buffer | number)[]>();
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = buffer.readUInt8(offset);
      offset += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const skip = (size: number): Buffer => {
    const part = buffer.subarray(offset, offset + size);
    offset += size;
    return part;
  };
  while (offset < buffer.length) {
    const tag = varint();
    const wire = tag % 8;
    const value = wire === 0 ? varint() : wire === 2 ? skip(varint()) : skip(wire === 1 ? 8 : 4);
    const field = Math.floor(tag / 8);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
