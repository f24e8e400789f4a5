import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { Readable } from "node:stream";

import { tempTree } from "@slipway/testkit";
import { describe, expect, it, vi } from "vitest";

import { ecsTasks } from "../../src/collect/ecs-tasks.ts";
import type { CollectOptions } from "../../src/collect/collect.ts";
import { collectOptions, type CollectFlags } from "../../src/collect/collect-options.ts";
import { runningReleases } from "../../src/collect/running-images.ts";
import { runningFile, runningInput } from "../../src/collect/running-list.ts";
import { EMPTY_LEDGER, type Ledger } from "../../src/ledger/ledger.ts";

const COMMIT = "4f0c9a1be27d8853f6a1c0de9b7a35e412f08c6d";

const LEDGER = ledgerOf("v1", "v10", COMMIT, "shop:v3");

function ledgerOf(...ids: readonly string[]): Ledger {
  return { ...EMPTY_LEDGER, releases: new Map(ids.map((id) => [id, { at: 1, keys: [] }])) };
}

function collectionOf(flags: CollectFlags, input: Readable = Readable.from([])): CollectOptions {
  const target = { kind: "folder", url: "file:///store", directory: "/store" } as const;
  return collectOptions(flags, { target, environment: {}, directory: "/", input });
}

describe("an image that runs", () => {
  it.each([
    ["registry.example:5000/shop:v1", "v1"],
    ["shop:v10@sha256:aaaa", "v10"],
    [`shop:${COMMIT}`, COMMIT],
    ["shop:4f0c9a1", COMMIT],
    ["shop:production-4f0c9a1b", COMMIT],
    ["v1", "v1"],
    ["shop:v3", "shop:v3"],
  ])("%s is one of release %s", (image, release) => {
    expect([...runningReleases([{ name: "task", images: ["proxy:latest", image] }], LEDGER)]).toEqual([release]);
  });

  it.each(["shop:latest", "localhost:5000/shop", "shop@sha256:abcdef0", "shop:4f0c9a", "shop:v"])(
    "%s names no release",
    (image) => {
      expect(() => runningReleases([{ name: "task", images: [image] }], LEDGER)).toThrow(image);
    },
  );

  it.each([
    ["shop:production-v41-hotfix", ["v41-hotfix"]],
    ["shop:v41-hotfix", ["v41-hotfix"]],
    ["shop:v41-hotfix-amd64", ["v41-hotfix"]],
    ["shop:production-v41", ["v41"]],
    ["shop:production-v41-rebuilt", ["v41"]],
    ["shop:4f0c9a1bee", ["4f0c9a1bee"]],
    ["shop:4f0c9a1be", [COMMIT, "4f0c9a1bee"]],
    ["shop:4f0c9a1", ["4f0c9a1", COMMIT, "4f0c9a1bee"]],
    ["shop:rc-blue-green", ["rc-blue", "blue-green"]],
    ["shop:v41-hotfix-4f0c9a1be", ["v41-hotfix", COMMIT, "4f0c9a1bee"]],
  ])("%s names the longest that its parts make: %j", (image, expected) => {
    const known = ledgerOf("v41", "v41-hotfix", "v42", "rc-blue", "blue-green", COMMIT, "4f0c9a1bee", "4f0c9a1");
    expect([...runningReleases([{ name: "task", images: [image] }], known)].toSorted()).toEqual(expected.toSorted());
  });

  it.each(["shop:production-20261128", "shop:20261128", "shop:production-7", "shop:build-7.2"])(
    "%s names no release by its digits",
    (image) => {
      const known = ledgerOf("20261128103000", "20261128aaaaaaaa", "7", "7.2");
      expect(() => runningReleases([{ name: "task", images: [image] }], known)).toThrow(image);
    },
  );
});

describe("a task of several images", () => {
  const known = ledgerOf("7", "7.2", "1.3.0", "v1.4.0", "v1", "release-6", "20261128103000");

  it.each([
    [["shop:unknown-build", "redis:7"]],
    [["shop:unknown-build", "redis:7.2"]],
    [["shop:unknown-build", "proxy:2.0-v1"]],
    [["shop@sha256:0123", "nginx:1.3.0"]],
    [["shop:latest", "nginx:1.3.0-alpine"]],
    [["shop:1.2", "traefik:v1.4.0"]],
    [[]],
  ])("%j is refused: a sidecar is not taken for the app", (images) => {
    expect(() => runningReleases([{ name: "web:9", images }], known)).toThrow("web:9");
  });

  it.each([
    [["shop:7"], ["7"]],
    [["shop:7", "shop-nginx:7"], ["7"]],
    [
      ["shop:release-6", "redis:7", "proxy:latest"],
      ["7", "release-6"],
    ],
    [["shop:production-1.3.0"], ["1.3.0"]],
    [["shop:v1.4.0", "shop-nginx:v1.4.0"], ["v1.4.0"]],
    [["shop:v1", "proxy:latest"], ["v1"]],
    [["shop:20261128103000", "proxy:latest"], ["20261128103000"]],
  ])("%j keeps all that its images may be: %j", (images, expected) => {
    expect([...runningReleases([{ name: "web:9", images }], known)].toSorted()).toEqual(expected);
  });
});

describe("a list of what runs", () => {
  const expected = ["shop:v1", "shop:v10"].map((name) => ({ name, images: [name] }));

  it.each([
    ["lines", "# images\nshop:v1\r\n\n  shop:v10 # web\n"],
    ["old line ends", "shop:v1\rshop:v10\r"],
    ["blanks", "shop:v1 shop:v10"],
    ["commas", "shop:v1,shop:v10, \n"],
  ])("is read from a file, parted by %s", async (_, content) => {
    await using tree = await tempTree({ "running.txt": content });
    expect(await runningFile(`${tree.path}/running.txt`)(undefined)).toEqual(expected);
  });

  it("is read from standard input once, however often it is asked and named", async () => {
    const sources = collectionOf({ runningFrom: ["-", "-"] }, Readable.from(["shop:v1\nshop:", "v10\n"])).runningFrom;
    expect(await Promise.all(sources.map((source) => source(undefined)))).toEqual([expected, expected]);
    expect(await sources[0]?.(undefined)).toEqual(expected);
  });

  it("that names nothing is rather a command that failed", async () => {
    await expect(runningInput(Readable.from(["\n"]))(undefined)).rejects.toMatchObject({
      code: "ASSET_SYNC_RUNNING_UNREADABLE",
      message: expect.stringContaining("names nothing"),
    });
  });
});

/** What a double of ECS answers, by operation; functions see the input. */
type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

async function ecsDouble(answers: Answers): Promise<{ endpoint: string } & AsyncDisposable> {
  const server = createServer();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const operation = String(request.headers["x-amz-target"]).replace("AmazonEC2ContainerServiceV20141113.", "");
    const scope = /Credential=AKIATEST\/\d{8}\/eu-west-1\/ecs\/aws4_request/.test(request.headers.authorization ?? "");
    const answer = scope ? answers[operation]?.(JSON.parse(body)) : undefined;
    response.writeHead(answer === undefined ? 400 : 200);
    response.end(JSON.stringify(answer ?? { __type: "AccessDeniedException" }));
  };
  server.on("request", (request, response) => void serve(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

const IMAGES: Readonly<Record<string, readonly string[]>> = {
  "web:7": ["shop:v7", "agent:latest"],
  "web:6": ["shop:v6"],
  "web:5": ["shop:v5"],
  "web:4": ["shop:v4"],
};

const ANSWERS: Answers = {
  DescribeServices: () => ({
    services: [
      {
        taskDefinition: "web:7",
        deployments: [{ taskDefinition: "web:7" }, { taskDefinition: "web:6" }],
        taskSets: [{ taskDefinition: "web:5" }],
      },
    ],
  }),
  ListTasks: ({ desiredStatus, nextToken }) => {
    if (desiredStatus === "STOPPED") return { taskArns: ["t3"] };
    return nextToken === undefined ? { taskArns: ["t1"], nextToken: "more" } : { taskArns: ["t2"] };
  },
  DescribeTasks: ({ tasks }) => ({ tasks: [{ taskDefinitionArn: String(tasks) === "t3" ? "web:4" : "web:7" }] }),
  DescribeTaskDefinition: ({ taskDefinition }) => ({
    taskDefinition: {
      containerDefinitions: (IMAGES[String(taskDefinition)] ?? []).map((image) => ({ image })),
    },
  }),
};

const PLACE = { cluster: "production", service: "web" };

function environment(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_ECS: endpoint,
    AWS_ACCESS_KEY_ID: "AKIATEST",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_REGION: "eu-west-1",
  };
}

describe("the tasks of an ECS service", () => {
  it("are those of its deployments and task sets, of all pages of running tasks, and of those that drain", async () => {
    await using ecs = await ecsDouble(ANSWERS);
    const tasks = await ecsTasks(PLACE, environment(ecs.endpoint), undefined)(undefined);
    expect(Object.fromEntries(tasks.map(({ name, images }) => [name, images]))).toEqual(IMAGES);
  });

  it.each([
    ["is not there", { ...ANSWERS, DescribeServices: () => ({ services: [] }) }, "no such service"],
    ["may not be read", { DescribeServices: ANSWERS["DescribeServices"] ?? ((): object => ({})) }, "AccessDenied"],
  ])("are not guessed when the service %s", async (_, answers, message) => {
    await using ecs = await ecsDouble(answers);
    await expect(ecsTasks(PLACE, environment(ecs.endpoint), undefined)(undefined)).rejects.toMatchObject({
      code: "ASSET_SYNC_RUNNING_UNREADABLE",
      message: expect.stringContaining(message),
    });
  });
});

describe("the flags of a collection", () => {
  it("have cautious defaults", () => {
    expect(collectionOf({})).toMatchObject({ keep: 5, minAge: 7 * 86_400, maxDelete: 1000, runningFrom: [] });
    expect(collectionOf({ keep: "2", minAge: "90m", maxDelete: "0" })).toMatchObject({
      keep: 2,
      minAge: 5400,
      maxDelete: 0,
    });
  });

  it.each([
    { keep: "0" },
    { keep: "all" },
    { keep: "" },
    { minAge: "7" },
    { minAge: "-1d" },
    { minAge: "1 week" },
    { maxDelete: "1e3" },
    { runningFrom: [""] },
    { runningFrom: ["ecs:web"] },
    { runningFrom: ["ecs:production/web/x"] },
  ])("refuse %j", (flags) => {
    expect(() => collectionOf(flags)).toThrow(expect.objectContaining({ code: "ASSET_SYNC_OPTION_INVALID" }));
  });

  it("read a file or a service that runs", () => {
    vi.stubEnv("AWS_REGION", undefined);
    expect(collectionOf({ runningFrom: ["running.txt", "-", "ecs:production/web"] })).toMatchObject({
      runningFrom: [expect.any(Function), expect.any(Function), expect.any(Function)],
    });
    vi.unstubAllEnvs();
  });
});
