import type { AssertionEvent, EventSink } from "../events.ts";
import { describeExpectation, describeObserved, holds, type Assertion, type Observed } from "./assertion.ts";
import type { ImageProbe } from "./image-probe.ts";

/** How a verification ended. */
export interface Verification {
  readonly passed: number;
  readonly failed: readonly AssertionEvent[];
}

/** Holds an image against assertions, one after another, and reports each. */
export async function verifyImage(
  probe: ImageProbe,
  assertions: readonly Assertion[],
  emit: EventSink<AssertionEvent>,
  signal?: AbortSignal,
): Promise<Verification> {
  const events: AssertionEvent[] = [];
  for (const assertion of assertions) {
    signal?.throwIfAborted();
    const found = await observe(probe, assertion);
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

async function observe(probe: ImageProbe, assertion: Assertion): Promise<Observed> {
  if (assertion.kind === "label") {
    const value = Object.hasOwn(probe.labels, assertion.label) ? probe.labels[assertion.label] : undefined;
    return { exitCode: value === undefined ? 1 : 0, output: value ?? "no such label" };
  }
  const { command } = assertion;
  return assertion.kind === "command"
    ? probe.run({ command, user: assertion.user, entrypoint: false })
    : probe.run({ command, signal: assertion.signal, entrypoint: true });
}
