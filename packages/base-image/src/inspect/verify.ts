import type { AssertionEvent, EventSink } from "../events.ts";
import {
  describeExpectation,
  describeObserved,
  holds,
  type Assertion,
  type Observed,
  type PairAssertion,
} from "./assertion.ts";
import type { ImageProbe } from "./image-probe.ts";

/** How a verification ended. */
export interface Verification {
  readonly passed: number;
  readonly failed: readonly AssertionEvent[];
}

/** What an image is held against. */
export interface VerifyOptions {
  /** The image whose compiled code must load in this one; assertions about the pair are left out without it. */
  readonly builder?: ImageProbe | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Holds an image against assertions, one after another, and reports each. */
export async function verifyImage(
  probe: ImageProbe,
  assertions: readonly Assertion[],
  emit: EventSink<AssertionEvent>,
  { builder, signal }: VerifyOptions = {},
): Promise<Verification> {
  const events: AssertionEvent[] = [];
  for (const assertion of assertions) {
    signal?.throwIfAborted();
    if (assertion.kind === "pair" && builder === undefined) continue;
    const found = await observe(probe, assertion, builder);
    const event: AssertionEvent = {
      type: "assertion",
      name: assertion.name,
      passed: holds(assertion.expected, found),
      expected: describeExpectation(assertion.expected),
      found: describeObserved(assertion.expected, found),
    };
    events.push(event);
    emit(event);
  }
  const failed = events.filter(({ passed }) => !passed);
  return { passed: events.length - failed.length, failed };
}

async function observe(probe: ImageProbe, assertion: Assertion, builder: ImageProbe | undefined): Promise<Observed> {
  if (assertion.kind === "label") return observeLabel(probe, assertion.label);
  if (assertion.kind === "config") return { exitCode: 0, output: assertion.read(probe.config) };
  if (assertion.kind === "pair") return observePair(probe, assertion, builder ?? probe);
  const { command } = assertion;
  return assertion.kind === "command"
    ? probe.run({ command, user: assertion.user, readOnly: assertion.readOnly, entrypoint: false })
    : probe.run({ command, signal: assertion.signal, entrypoint: true });
}

function observeLabel({ config }: ImageProbe, label: string): Observed {
  const value = Object.hasOwn(config.labels, label) ? config.labels[label] : undefined;
  return { exitCode: value === undefined ? 1 : 0, output: value ?? "no such label" };
}

async function observePair(probe: ImageProbe, { make, use }: PairAssertion, builder: ImageProbe): Promise<Observed> {
  const made = await builder.run({ command: make, entrypoint: false });
  if (made.exitCode !== 0) return { ...made, output: `in the builder: ${made.output}` };
  return probe.run({ command: [...use, made.output.trim()], entrypoint: false });
}
