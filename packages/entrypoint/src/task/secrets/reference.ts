/** Where a variable's value is kept. */
export type SecretSource =
  /** A parameter of the Systems Manager, with a `:version` or `:label` if one was given. */
  | { readonly kind: "ssm"; readonly name: string }
  /** A secret of the Secrets Manager, by name or ARN; with `key` one field of its JSON. */
  | { readonly kind: "secretsmanager"; readonly id: string; readonly key: string | undefined }
  | { readonly kind: "file"; readonly path: string };

/** A variable and where its value is kept. */
export interface SecretReference {
  readonly variable: string;
  readonly source: SecretSource;
}

const SSM = /^ssm:(?:\/\/)?(\/[^\s]+|arn:aws[^\s]*)$/;
const FILE = /^secret-file:(.+)$/s;
const SECRETS_MANAGER = /^secretsmanager:([^\s#]+)(?:#(.+))?$/;

/** Whether a value stands for another that is kept elsewhere. */
export function isReference(value: string): boolean {
  return sourceOf(value) !== undefined;
}

/** `ssm:/path`, `ssm:///path`, `secretsmanager:id`, `secretsmanager:id#key`, `secret-file:/path`, which may be relative. */
export function sourceOf(value: string): SecretSource | undefined {
  // Every variable is looked at, and no other costs more than this.
  if (!value.startsWith("s")) return undefined;
  const [, name] = SSM.exec(value) ?? [];
  if (name !== undefined) return { kind: "ssm", name };
  const [, path] = FILE.exec(value) ?? [];
  if (path !== undefined) return { kind: "file", path };
  const [, id, key] = SECRETS_MANAGER.exec(value) ?? [];
  return id === undefined ? undefined : { kind: "secretsmanager", id, key };
}

/**
 * The variables whose values are kept elsewhere: those that hold a reference, and of `files` those whose `NAME_FILE` is set.
 * A variable that is set itself goes before its file.
 */
export function findReferences(env: Readonly<NodeJS.ProcessEnv>, files: readonly string[]): readonly SecretReference[] {
  const kept = Object.entries(env).flatMap(([variable, value]) => {
    const source = sourceOf(value ?? "");
    return source === undefined ? [] : [{ variable, source }];
  });
  const named = files.flatMap((variable): readonly SecretReference[] => {
    const path = env[`${variable}_FILE`];
    if (path === undefined || path === "" || env[variable] !== undefined) return [];
    return [{ variable, source: { kind: "file", path } }];
  });
  return [...kept, ...named];
}

/** A source in words: it is no secret. */
export function describeSource(source: SecretSource): string {
  if (source.kind === "file") return `secret-file:${source.path}`;
  if (source.kind === "ssm") return `ssm:${source.name}`;
  return `secretsmanager:${source.id}${source.key === undefined ? "" : `#${source.key}`}`;
}
