import { connectEngine } from "../engine/engine.ts";
import { BaseImageError } from "../errors.ts";
import type { AssertionEvent } from "../events.ts";
import { assertionsFor } from "../inspect/assertions.ts";
import { probeImage, type ImageProbe } from "../inspect/image-probe.ts";
import { junitReport } from "../inspect/junit.ts";
import { verifyImage } from "../inspect/verify.ts";
import { pullNamed } from "../registry/pull.ts";
import { coloured } from "./output.ts";
import { definitionFor, interruptible, type AddVerb, type VerbContext } from "./verb.ts";
import { writeReport } from "./write-report.ts";

interface VerifyFlags {
  readonly variant?: string;
  readonly builder?: string;
  readonly junit?: string;
}

/** `base-image verify REF`: holds an image against its definition. */
export const addVerify: AddVerb = (program, contextFor) => {
  program
    .command("verify")
    .description("run the assertions that follow from the definition against an image")
    .argument("<ref>", "the image, as the local engine knows it or with its registry")
    .option("--variant <name>", "the variant the image was built from (default: the first)")
    .option("--builder <ref>", "the builder image that goes with it: what that compiles must load here")
    .option("--junit <file>", "write the outcome as a JUnit report")
    .addHelpText("after", "\nExample:\n  base-image verify slipway-base:builder --variant builder\n")
    .action(async (ref: string, flags: VerifyFlags, command) => runVerify(ref, flags, contextFor(command)));
};

async function runVerify(ref: string, flags: VerifyFlags, context: VerbContext): Promise<void> {
  const { definition } = await definitionFor(context);
  const assertions = assertionsFor(definition, flags.variant);
  if (assertions.length === 0) {
    const message = `there is nothing to verify: the stages of ${definition.name} say nothing about the image's configuration`;
    throw new BaseImageError("BASE_IMAGE_NOTHING_TO_VERIFY", message);
  }
  const probe = await probeNamed(ref);
  const builder = flags.builder === undefined ? undefined : await probeNamed(flags.builder);
  const events: AssertionEvent[] = [];
  const emit = (event: AssertionEvent): void => {
    events.push(event);
    context.output.event(event);
    context.output.say(assertionLine(event));
  };
  const { passed, failed } = await verifyImage(probe, assertions, emit, { builder, signal: context.signal }).catch(
    interruptible(context, "the verification"),
  );
  if (flags.junit !== undefined) {
    await writeReport("the JUnit report", "--junit", flags.junit, junitReport(ref, events));
  }
  context.output.say(`\n${passed} passed, ${failed.length} failed\n`);
  context.output.summary({ image: ref, passed, failed: failed.length });
  if (failed.length === 0) return;
  const names = failed.map(({ name }) => name).join("; ");
  throw new BaseImageError("BASE_IMAGE_VERIFY_FAILED", `${ref} is not what its definition says: ${names}`);
}

async function probeNamed(reference: string): Promise<ImageProbe> {
  const engine = await connectEngine();
  await pullNamed(engine, reference);
  return probeImage(engine, reference);
}

/** An assertion and how it ended, for people. */
export function assertionLine({ name, passed, expected, found }: AssertionEvent): string {
  if (passed) return `${coloured("green", "✓")} ${name}\n`;
  return `${coloured("red", "✗")} ${name}\n    expected ${expected}\n    found    ${found.replaceAll("\n", "\n             ")}\n`;
}
