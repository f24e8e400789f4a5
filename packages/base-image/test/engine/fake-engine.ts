import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

interface BuildAnswer {
  readonly status: number;
  readonly body: string;
}

/** What the engine answers; what is left out is not there. */
export interface EngineAnswers {
  /** To every build, or to one after the other. */
  readonly build?: BuildAnswer | readonly BuildAnswer[];
  readonly image?: object;
  /** What it saves an image as. */
  readonly archive?: Buffer;
}

/** An address for DOCKER_HOST, gone when the scope ends. */
export interface FakeEngine extends AsyncDisposable {
  readonly address: string;
}

/** A server on loopback that speaks as much of the engine's interface as a refusal needs; with `none` nobody answers. */
export async function fakeEngine(answers: EngineAnswers | "none"): Promise<FakeEngine> {
  if (answers === "none") return { address: "tcp://127.0.0.1:1", [Symbol.asyncDispose]: async () => {} };
  const { build: builds, ...rest } = answers;
  const waiting = [builds ?? []].flat();
  const nextBuild = (): BuildAnswer | undefined => (waiting.length > 1 ? waiting.shift() : waiting[0]);
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    const [status, body] = answer(url, { ...rest, build: url.includes("/build") ? nextBuild() : undefined });
    request.resume().on("end", () => response.writeHead(status, { "content-type": "application/json" }).end(body));
  });
  const sessions = new Set<Duplex>();
  server.on("upgrade", (_request, socket) => {
    sessions.add(socket.on("error", () => {}));
    socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    for (const session of sessions) session.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  return { address: `tcp://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

interface Answers extends Pick<EngineAnswers, "archive" | "image"> {
  readonly build: BuildAnswer | undefined;
}

function answer(url: string, { build, image, archive }: Answers): readonly [number, string | Buffer] {
  if (url.includes("/_ping")) return [200, "OK"];
  if (url.includes("/build") && build !== undefined) return [build.status, build.body];
  if (url.includes("/containers/create")) return [201, '{"Id":"1"}'];
  if (url.includes("/containers/1")) return [200, url.includes("/wait") ? '{"StatusCode":0}' : ""];
  if (url.endsWith("/get") && archive !== undefined) return [200, archive];
  if (url.endsWith("/history")) return [200, "[]"];
  if (url.includes("/images/") && image !== undefined) return [200, JSON.stringify(image)];
  return [404, '{"message":"no such image"}'];
}
