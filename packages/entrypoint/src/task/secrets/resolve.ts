import { AwsRefusal, callAws, type AwsSession } from "../../aws/call-service.ts";
import { credentialsOf } from "../../aws/credentials.ts";
import { signingClock } from "../../aws/signing-clock.ts";
import { EntrypointError, isBug, messageOf, reasonOf } from "../../errors.ts";
import type { Emit } from "../../events.ts";
import { backOff, openDeadline, paced, pause, type Deadline } from "../../process/patience.ts";
import { readRegularFile } from "../../process/regular-file.ts";
import type { SignalDesk } from "../../process/signal-desk.ts";
import { fieldOf } from "./field.ts";
import { describeSource, isReference, type SecretReference } from "./reference.ts";
import { answerKey, planRequests, type Answers, type SecretRequest, type SecretValue } from "./requests.ts";

/** What reading secrets needs. */
export interface SecretContext {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly desk: SignalDesk;
  readonly emit: Emit;
  readonly deadlineMs: number;
}

/** How many requests are on their way at once. */
const AT_ONCE = 4;

/**
 * Reads the values of all references: each source once, parameters in batches, again with growing random pauses where AWS
 * says "not now".
 * @throws EntrypointError `ENTRYPOINT_SECRET_UNAVAILABLE`, `ENTRYPOINT_SECRET_DEADLINE`, `ENTRYPOINT_AWS_CREDENTIALS`; the desk's error when stopped
 */
export async function resolveSecrets(
  references: readonly SecretReference[],
  context: SecretContext,
): Promise<ReadonlyMap<string, SecretValue>> {
  using deadline = openDeadline(context.deadlineMs, context.desk.stopped);
  const requests = planRequests(references);
  const queue = [...requests];
  const answers: Work["answers"] = new Map();
  const report = paced((seconds) => {
    const subject = `${String(queue.length)} of ${String(requests.length)} requests for secrets`;
    context.emit({ type: "waiting", task: "secrets", subject, reason: work.reason, seconds });
  });
  const work: Work = { queue, answers, deadline, context, reason: "no answer yet", report };
  if (requests.length > 0) {
    const session = openSession(context.env);
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, requests.length) }, () => takeTurns(work, session)));
  }
  return new Map(references.map((reference) => [reference.variable, pick(reference, answers)]));
}

interface Work {
  readonly queue: SecretRequest[];
  readonly answers: Map<string, SecretValue | { readonly missing: string }>;
  readonly deadline: Deadline;
  readonly context: SecretContext;
  reason: string;
  readonly report: () => void;
}

function openSession(env: Readonly<NodeJS.ProcessEnv>): AwsSession {
  const region = env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "";
  if (region === "") {
    throw unavailable("secrets: no region is set", "Set AWS_REGION; ECS sets it in every Fargate task.");
  }
  return { env, region, credentials: credentialsOf(env), clock: signingClock() };
}

async function takeTurns(work: Work, session: AwsSession): Promise<void> {
  for (let request = work.queue.shift(); request !== undefined; request = work.queue.shift()) {
    const { call, read, sources } = request;
    const answer = await again(work, sources.join(", "), () => callAws(call, session, work.deadline.signal));
    for (const [key, value] of read(answer)) work.answers.set(key, value);
  }
}

/** Tries until it succeeds, is refused for good, or the time is over. */
async function again<T>(work: Work, subject: string, attempt: () => Promise<T>): Promise<T> {
  const { deadline, context } = work;
  try {
    for (let count = 1; ; count += 1) {
      try {
        return await attempt();
      } catch (error) {
        deadline.signal.throwIfAborted();
        if (isBug(error) || error instanceof EntrypointError) throw error;
        if (error instanceof AwsRefusal && !error.passing) throw refused(subject, error);
        work.reason = reasonOf(error);
      }
      work.report();
      await pause(backOff(count), deadline.signal);
    }
  } catch (error) {
    context.desk.check();
    if (!deadline.expired()) throw error;
    const limit = `${String(context.deadlineMs / 1000)} s`;
    throw new EntrypointError("ENTRYPOINT_SECRET_DEADLINE", {
      message: `secrets: ${subject}: not read within ${limit}: ${work.reason}`,
      cause: error,
    });
  }
}

function refused(subject: string, cause: AwsRefusal): EntrypointError {
  return new EntrypointError("ENTRYPOINT_SECRET_UNAVAILABLE", {
    message: `secrets: ${subject}: ${cause.message}`,
    cause,
  });
}

function unavailable(message: string, hint?: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_SECRET_UNAVAILABLE", { message, ...(hint !== undefined && { hint }) });
}

/** The value of a variable; of a JSON only the field that the reference names. */
function pick({ variable, source }: SecretReference, answers: Answers): SecretValue {
  const found = source.kind === "file" ? readSecretFile(source.path) : answers.get(answerKey(source));
  const where = `${variable} (${describeSource(source)})`;
  if (found === undefined) throw new Error(`there is no answer for ${where}`);
  if ("missing" in found) throw unavailable(`secrets: ${where}: ${found.missing}`);
  const key = source.kind === "secretsmanager" ? source.key : undefined;
  const field = key === undefined ? { value: found.value } : fieldOf(found.value, key);
  if ("missing" in field) throw unavailable(`secrets: ${where}: ${field.missing}`);
  if (field.value.includes("\0")) throw unavailable(`secrets: ${where}: it holds a NUL, which no variable can have`);
  if (isReference(field.value)) throw unavailable(`secrets: ${where}: its value stands for another secret`);
  return { value: field.value, concealed: found.concealed };
}

/** Without the newline that editors and `docker secret create` leave at the end. */
function readSecretFile(path: string): SecretValue | { readonly missing: string } {
  try {
    return { value: readRegularFile(path).replace(/\r?\n$/, ""), concealed: true };
  } catch (error) {
    return { missing: messageOf(error) };
  }
}
