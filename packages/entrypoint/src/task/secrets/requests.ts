import type { AwsCall } from "../../aws/call-service.ts";
import { describeSource, type SecretReference, type SecretSource } from "./reference.ts";

/** A value and whether it has to be concealed: a plain `String` parameter of the Systems Manager has not. */
export interface SecretValue {
  readonly value: string;
  readonly concealed: boolean;
}

/** The values of sources, by {@link describeSource} without the key of a JSON; or why a source has none. */
export type Answers = ReadonlyMap<string, SecretValue | { readonly missing: string }>;

/** A call and how its answer is read. */
export interface SecretRequest {
  readonly call: AwsCall;
  readonly read: (answer: unknown) => Answers;
  /** What it is for, in words. */
  readonly sources: readonly string[];
}

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const BATCH = 10;

/** The fewest calls that answer for all references: parameters by tens, each secret once. */
export function planRequests(references: readonly SecretReference[]): readonly SecretRequest[] {
  const sources = references.map(({ source }) => source);
  const names = [...new Set(sources.flatMap((source) => (source.kind === "ssm" ? [source.name] : [])))];
  const ids = [...new Set(sources.flatMap((source) => (source.kind === "secretsmanager" ? [source.id] : [])))];
  const batches = Array.from({ length: Math.ceil(names.length / BATCH) }, (_, index) =>
    names.slice(index * BATCH, (index + 1) * BATCH),
  );
  return [...batches.map(parameterRequest), ...ids.map(secretRequest)];
}

/** What a source's answer is found by. */
export function answerKey(source: SecretSource): string {
  return describeSource(source.kind === "secretsmanager" ? { ...source, key: undefined } : source);
}

interface Parameter {
  readonly Name?: string;
  readonly ARN?: string;
  readonly Selector?: string;
  readonly Type?: string;
  readonly Value?: string;
}

function parameterRequest(names: readonly string[]): SecretRequest {
  return {
    call: { service: "ssm", operation: "GetParameters", body: { Names: names, WithDecryption: true } },
    sources: names.map((name) => `ssm:${name}`),
    read: (answer) => {
      const { Parameters = [] } = answer as { readonly Parameters?: readonly Parameter[] };
      return new Map(names.map((name) => [`ssm:${name}`, valueOf(Parameters.find((found) => isNamed(found, name)))]));
    },
  };
}

function isNamed({ Name = "", ARN = "", Selector = "" }: Parameter, name: string): boolean {
  return [Name, ARN].some((found) => `${found}${Selector}` === name);
}

function valueOf(parameter: Parameter | undefined): SecretValue | { readonly missing: string } {
  if (parameter?.Value === undefined) return { missing: "there is no such parameter" };
  return { value: parameter.Value, concealed: parameter.Type === "SecureString" };
}

function secretRequest(id: string): SecretRequest {
  const key = `secretsmanager:${id}`;
  return {
    call: { service: "secretsmanager", operation: "GetSecretValue", body: { SecretId: id } },
    sources: [key],
    read: (answer) => {
      const { SecretString, SecretBinary } = answer as Readonly<Record<string, string | undefined>>;
      const value = SecretString ?? Buffer.from(SecretBinary ?? "", "base64").toString("utf8");
      return new Map([[key, { value, concealed: true }]]);
    },
  };
}
