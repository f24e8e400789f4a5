import { readFile } from "node:fs/promises";

import { Command, InvalidArgumentError, Option } from "commander";

import { assetProgram } from "./asset-program.ts";
import type { Clock } from "./clock.ts";
import { ENVIRONMENTS, isEnvironment, type EnvironmentName } from "./environments.ts";
import { DeployError } from "./errors.ts";
import { newDraft, readDraft, writeDraft, type Draft } from "./release/draft.ts";
import { draftReceipt } from "./release/receipt.ts";
import { collect, mark } from "./run/mark.ts";
import { migrate } from "./run/migrate.ts";
import { rollback } from "./run/rollback.ts";
import { update } from "./run/update.ts";
import { verify } from "./run/verify.ts";
import { awsWorld, type World } from "./world.ts";

/** Where the program talks to, and its time. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly say: (line: string) => void;
  readonly clock: Clock;
  /** How asset-sync is called. */
  readonly assetSync: readonly string[];
}

interface FileFlag {
  readonly file: string;
}

/** The command line: one verb per step of a pipeline, each reading the release file and adding to it. */
export function deployProgram(terminal: Terminal): Command {
  const program = new Command("deploy").description(
    "Deploys a Rails release to ECS: migrate, update, verify, mark; or back.",
  );
  program.exitOverride().configureOutput({ writeErr: terminal.say, writeOut: terminal.out });
  for (const add of [
    draftVerb,
    imageVerb,
    receiptVerb,
    revisionVerb,
    deployVerbs,
    collectVerb,
    rollbackVerb,
    releasesVerb,
  ])
    add(program, terminal);
  return program;
}

function draftVerb(program: Command, terminal: Terminal): void {
  withFile(program.command("draft"))
    .description("begins a release file: its images by digest")
    .requiredOption("--release <id>", "the release's name: the commit")
    .requiredOption("--image <name=ref>", "an image that was pushed; once for each", collectPairs, {})
    .addOption(environmentOption())
    .action(
      async (
        flags: FileFlag & { release: string; image: Readonly<Record<string, string>>; environment: EnvironmentName },
      ) => {
        checkRelease(flags.release);
        const { images } = world(flags.environment, terminal);
        const wanted = new Set(ENVIRONMENTS[flags.environment].services.map(({ image }) => image));
        for (const name of wanted) {
          if (flags.image[name] === undefined) throw new DeployError("DEPLOY_USAGE", `--image ${name}=… is missing.`);
        }
        const found = await Promise.all(
          Object.entries(flags.image).map(async ([name, ref]) => [name, await images.byDigest(ref)] as const),
        );
        await writeDraft(flags.file, newDraft(flags.environment, flags.release, Object.fromEntries(found)));
        for (const [name, ref] of found) terminal.say(`draft: ${name} is ${ref}`);
      },
    );
}

function imageVerb(program: Command, terminal: Terminal): void {
  withFile(program.command("image"))
    .description("prints an image of the release, by digest")
    .argument("<name>")
    .action(async (name: string, { file }: FileFlag) => {
      const image = new Map(Object.entries((await readDraft(file)).images)).get(name);
      if (image === undefined) throw new DeployError("DEPLOY_DRAFT_INCOMPLETE", `${file} has no image ${name}.`);
      terminal.out(image);
    });
}

function receiptVerb(program: Command, terminal: Terminal): void {
  withFile(program.command("receipt"))
    .description("notes the asset receipt that came out of the image")
    .argument("<receipt>")
    .action(async (receipt: string, { file }: FileFlag) => {
      const draft = await readDraft(file);
      const bytes = await readFile(receipt).catch((cause: unknown) => {
        throw new DeployError("DEPLOY_DRAFT_INVALID", `Receipt ${receipt} cannot be read.`, cause);
      });
      const noted = draftReceipt(bytes, receipt, draft);
      await writeDraft(file, { ...draft, receipt: noted });
      terminal.say(`receipt: ${noted.release} at ${noted.target}`);
    });
}

function revisionVerb(program: Command, terminal: Terminal): void {
  withFile(program.command("revision"))
    .description("notes the registered revision of a service")
    .argument("<service>")
    .argument("<arn>")
    .action(async (service: string, arn: string, { file }: FileFlag) => {
      const draft = await readDraft(file);
      const family = ENVIRONMENTS[draft.environment].services.find(({ name }) => name === service)?.family;
      if (family === undefined)
        throw new DeployError("DEPLOY_USAGE", `${service} is no service of ${draft.environment}.`);
      if (!new RegExp(`^arn:aws[\\w-]*:ecs:[^:]+:\\d+:task-definition/${family}:\\d+$`).test(arn)) {
        throw new DeployError("DEPLOY_USAGE", `${JSON.stringify(arn)} is no revision of ${family}.`);
      }
      await writeDraft(file, { ...draft, revisions: { ...draft.revisions, [service]: arn } });
      terminal.say(`revision: ${service} is ${arn}`);
    });
}

function deployVerbs(program: Command, terminal: Terminal): void {
  const verb = (name: string, says: string): Command => program.command(name).description(says);
  step(verb("migrate", "runs the migration as web's revision, and waits for it"), terminal, migrate);
  step(verb("update", "gives each service its revision"), terminal, (at, draft, flags) =>
    update(at, draft, (done) => writeDraft(flags.file, done)),
  );
  step(withDeadline(verb("verify", "waits until the deployments are complete")), terminal, (at, draft, flags) =>
    verify(at, draft, flags.deadline),
  );
  step(verb("mark", "marks the release as one to go back to"), terminal, async (at, draft) => {
    await mark(at, draft);
    return draft;
  });
}

function collectVerb(program: Command, terminal: Terminal): void {
  withFile(program.command("collect"))
    .description("lets go of old releases, then collects their assets")
    .option("--keep <number>", "so many marked releases are kept", wholeNumber, 10)
    .action(async ({ file, keep }: FileFlag & { keep: number }) => {
      const draft = await readDraft(file);
      await collect(world(draft.environment, terminal), draft, keep);
    });
}

function rollbackVerb(program: Command, terminal: Terminal): void {
  withDeadline(program.command("rollback"))
    .description("brings a marked release back: images, assets and revisions")
    .addOption(environmentOption())
    .option("--to <release>", "which; the one before by default")
    .option("--keep-schema", "the schema is newer than that release, and it may be", false)
    .option("--file <path>", "the release file of the rollback", "release/rollback.json")
    .action(
      async (
        flags: FileFlag & { environment: EnvironmentName; to?: string; keepSchema: boolean; deadline: number },
      ) => {
        const { environment, keepSchema, deadline, to } = flags;
        const keep = (draft: Draft): Promise<void> => writeDraft(flags.file, draft);
        const wish = { environment, keepSchema, deadlineMs: deadline, keep, ...(to === undefined ? {} : { to }) };
        await rollback(world(environment, terminal), wish);
      },
    );
}

function releasesVerb(program: Command, terminal: Terminal): void {
  program
    .command("releases")
    .description("lists the marked releases, newest first")
    .addOption(environmentOption())
    .action(async ({ environment }: { environment: EnvironmentName }) => {
      const history = await world(environment, terminal).markers.history();
      for (const { release, at, schema, rolledBackFrom } of history.toReversed()) {
        terminal.out(
          `${at}  ${release}  schema ${schema}${rolledBackFrom === undefined ? "" : `  back from ${rolledBackFrom}`}`,
        );
      }
    });
}

type Step = (at: World, draft: Draft, flags: FileFlag & { readonly deadline: number }) => Promise<Draft>;

function step(command: Command, terminal: Terminal, run: Step): Command {
  return withFile(command).action(async (flags: FileFlag & { readonly deadline: number }) => {
    const draft = await readDraft(flags.file);
    await writeDraft(flags.file, await run(world(draft.environment, terminal), draft, flags));
  });
}

function world(name: EnvironmentName, { clock, say, assetSync }: Terminal): World {
  return awsWorld(name, { clock, say, assets: assetProgram(assetSync) });
}

function withFile(command: Command): Command {
  return command.requiredOption("--file <path>", "the release file");
}

function withDeadline(command: Command): Command {
  return command.option(
    "--deadline <minutes>",
    "how long a deployment may take",
    (text) => wholeNumber(text) * 60_000,
    1_800_000,
  );
}

function environmentOption(): Option {
  return new Option("--environment <name>", "dev or prod").makeOptionMandatory().argParser((text) => {
    if (isEnvironment(text)) return text;
    throw new InvalidArgumentError(`Expected ${Object.keys(ENVIRONMENTS).join(" or ")}.`);
  });
}

/** It becomes part of a tag of ECR's, of at most 128 characters. */
function checkRelease(release: string): void {
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(release)) return;
  throw new DeployError(
    "DEPLOY_USAGE",
    `Release ${JSON.stringify(release)}: expected 1 to 100 letters, digits and . _ -, a letter or digit first.`,
  );
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a whole number above 0.");
}

function collectPairs(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [, name = "", ref = ""] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  if (name === "") throw new InvalidArgumentError("Expected NAME=REFERENCE.");
  return { ...before, [name]: ref };
}
