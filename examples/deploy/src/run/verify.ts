import { judgeRollout, short, type Service, type Verdict } from "../decide/rollout.ts";
import { DeployError } from "../errors.ts";
import type { Draft, DraftDeployment } from "../release/draft.ts";
import type { World } from "../world.ts";

const POLL_MS = 10_000;

/**
 * Waits until every deployment of the draft is complete, by its id.
 *
 * @throws DeployError DEPLOY_ROLLED_BACK, DEPLOY_FIRST_FAILED, DEPLOY_REPLACED, DEPLOY_TIMEOUT
 */
export async function verify(world: World, draft: Draft, deadlineMs: number): Promise<Draft> {
  const open = new Map(world.environment.services.map(({ name }) => [name, deploymentOf(draft, name)]));
  const until = world.clock.now() + deadlineMs;
  let said = "";
  for (;;) {
    const waiting: string[] = [];
    for (const [name, expected] of open) {
      const service = await world.ecs.service(name);
      const verdict = judgeRollout(expected, service);
      if (verdict.kind === "complete") {
        open.delete(name);
        world.say(`verify: ${name} runs ${short(expected.revision)}`);
      } else if (verdict.kind === "failed") throw failure(world, service, verdict);
      else waiting.push(verdict.progress);
    }
    if (open.size === 0) return { ...draft, verified: true };
    if (world.clock.now() >= until)
      throw new DeployError(
        "DEPLOY_TIMEOUT",
        `Not complete after ${deadlineMs / 60_000} minutes: ${waiting.join("; ")}.`,
      );
    if (waiting.join("; ") !== said) world.say(`verify: ${waiting.join("; ")}`);
    said = waiting.join("; ");
    await world.clock.sleep(POLL_MS);
  }
}

function deploymentOf(draft: Draft, service: string): DraftDeployment {
  const deployment = draft.deployments[service];
  if (deployment !== undefined) return deployment;
  throw new DeployError(
    "DEPLOY_DRAFT_INCOMPLETE",
    `Release ${draft.release} was not deployed to ${service}: \`deploy update\` has not run, or not to its end.`,
  );
}

function failure(world: World, service: Service, { code, reason }: Extract<Verdict, { kind: "failed" }>): DeployError {
  for (const event of service.events.slice(0, 5).toReversed()) world.say(`${service.name} | ${event}`);
  return new DeployError(code, `${reason}.`);
}
