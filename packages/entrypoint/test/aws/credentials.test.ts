import { join } from "node:path";

import { tempTree } from "@slipway/testkit";
import { expect, it } from "vitest";

import { credentialsOf } from "../../src/aws/credentials.ts";
import { startHttpServer } from "../http-server.ts";

const MINUTE = 60_000;

function lent(id: number, endsInMs: number): string {
  const Expiration = new Date(Date.now() + endsInMs).toISOString();
  return JSON.stringify({ AccessKeyId: `ID${String(id)}`, SecretAccessKey: "key", Token: "token", Expiration });
}

async function startRole(answers: readonly (string | number)[]) {
  const asked: (string | undefined)[] = [];
  const server = await startHttpServer(({ headers }, response) => {
    const answer = answers[asked.length] ?? 404;
    asked.push(headers.authorization);
    response.writeHead(typeof answer === "number" ? answer : 200).end(typeof answer === "number" ? "" : answer);
  });
  const env = { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.origin}/role` };
  return { env, asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const { signal } = new AbortController();

it("keeps a role's credentials until five minutes before their end", async () => {
  await using role = await startRole([lent(1, 6 * MINUTE), lent(2, 4 * MINUTE)]);
  const lasting = credentialsOf(role.env);
  expect((await lasting(signal)).accessKeyId).toBe("ID1");
  expect((await lasting(signal)).accessKeyId).toBe("ID1");
  expect(role.asked).toHaveLength(1);
});

it("asks for newer ones when they are about to end, and makes do with the old ones while there are none", async () => {
  await using role = await startRole([lent(1, 4 * MINUTE), 500, lent(2, 60 * MINUTE)]);
  const source = credentialsOf(role.env);
  const ids = [];
  for (let count = 0; count < 4; count += 1) ids.push((await source(signal)).accessKeyId);
  expect(ids).toEqual(["ID1", "ID1", "ID2", "ID2"]);
  expect(role.asked).toHaveLength(3);
});

it("shows the token that EKS leaves in a file", async () => {
  await using folder = await tempTree({ token: "a pod's token\n" });
  await using role = await startRole([lent(1, 60 * MINUTE)]);
  const env = { ...role.env, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(folder.path, "token") };
  expect(await credentialsOf(env)(signal)).toEqual({
    accessKeyId: "ID1",
    secretAccessKey: "key",
    sessionToken: "token",
  });
  expect(role.asked).toEqual(["a pod's token"]);
});

it.each(["{}", "no JSON", "null", 403])("takes %j for a refusal", async (answer) => {
  await using role = await startRole([answer]);
  await expect(credentialsOf(role.env)(signal)).rejects.toMatchObject({ code: "ENTRYPOINT_AWS_CREDENTIALS" });
});

it.each([500, 429])("takes %d for something that may pass", async (status) => {
  await using role = await startRole([status]);
  const failed: unknown = await credentialsOf(role.env)(signal).catch((error: unknown) => error);
  expect(failed).not.toHaveProperty("code");
  expect(String(failed)).toContain(`${role.env.AWS_CONTAINER_CREDENTIALS_FULL_URI}: answered ${String(status)}`);
});
