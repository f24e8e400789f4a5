import { decideUpdate, short } from "../decide/rollout.ts";
import { DeployError } from "../errors.ts";
import { revisionOf, type Draft, type DraftDeployment } from "../release/draft.ts";
import type { World } from "../world.ts";

/**
 * Gives each service its revision. What an interrupted run has done is not done again; `keep` is called after each service.
 *
 * @throws DeployError DEPLOY_DRAFT_INCOMPLETE before anything is touched
 */
export async function update(world: World, draft: Draft, keep: (draft: Draft) => Promise<void>): Promise<Draft> {
  if (draft.schema === undefined) {
    throw new DeployError(
      "DEPLOY_DRAFT_INCOMPLETE",
      `Release ${draft.release} is not migrated: \`deploy migrate\` has not run.`,
    );
  }
  const wanted = world.environment.services.map(({ name }) => ({ name, revision: revisionOf(draft, name) }));
  let updated: Draft = { ...draft, verified: false };
  for (const { name, revision } of wanted) {
    const deployment = await updateService(world, name, revision, draft.deployments[name]);
    updated = { ...updated, deployments: { ...updated.deployments, [name]: deployment } };
    await keep(updated);
  }
  return updated;
}

async function updateService(
  world: World,
  name: string,
  revision: string,
  known: DraftDeployment | undefined,
): Promise<DraftDeployment> {
  const step = decideUpdate(revision, await world.ecs.service(name), known);
  if (step.kind === "adopt") {
    world.say(`update: ${name} has ${short(revision)} already, by ${step.expected.id}`);
    return step.expected;
  }
  const service = await world.ecs.update(name, revision, step);
  const id = service.deployments.find(({ status }) => status === "PRIMARY")?.id ?? "";
  world.say(`update: ${name} gets ${short(revision)} by ${id}`);
  return { id, revision, ...(step.before === undefined ? {} : { before: step.before }) };
}
