import type { ErrorCode } from "../errors.ts";

/** A deployment of a service. */
export interface Deployment {
  readonly id: string;
  /** PRIMARY is what the service wants; ACTIVE is being replaced. */
  readonly status: string;
  readonly revision: string;
  readonly rollout: string;
  readonly reason: string;
  readonly desired: number;
  readonly running: number;
}

/** A service with its deployments. */
export interface Service {
  readonly name: string;
  readonly desired: number;
  readonly deployments: readonly Deployment[];
  /** Newest first. */
  readonly events: readonly string[];
}

/** The deployment that was asked for. */
export interface Expected {
  readonly id: string;
  readonly revision: string;
  readonly before?: string;
}

export type Verdict =
  | { readonly kind: "waiting"; readonly progress: string }
  | { readonly kind: "complete" }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly reason: string };

/**
 * What has become of a deployment. It is known by its id: that a service is stable says nothing, for after a rollback it is
 * stable too.
 */
export function judgeRollout(expected: Expected, service: Service): Verdict {
  const ours = service.deployments.find(({ id }) => id === expected.id);
  const primary = service.deployments.find(({ status }) => status === "PRIMARY");
  if (ours?.rollout === "FAILED") return failed(expected, service.name, ours.reason, primary);
  if (primary === undefined) return { kind: "waiting", progress: `${service.name}: no deployment` };
  if (primary.id !== expected.id) return notPrimary(expected, service.name, primary);
  if (primary.rollout === "COMPLETED" && primary.running >= primary.desired) return { kind: "complete" };
  return { kind: "waiting", progress: `${service.name}: ${primary.running} of ${primary.desired} running` };
}

/** The circuit breaker's replacement says so, or has the revision from before; anything else is somebody else's. */
function notPrimary(expected: Expected, name: string, primary: Deployment): Verdict {
  const rolledBack = /rolling back|rollback/i.test(primary.reason) || primary.revision === expected.before;
  return rolledBack
    ? {
        kind: "failed",
        code: "DEPLOY_ROLLED_BACK",
        reason: `${name} is back at ${short(primary.revision)}: ${primary.reason}`,
      }
    : {
        kind: "failed",
        code: "DEPLOY_REPLACED",
        reason: `${name} was given ${short(primary.revision)} by deployment ${primary.id}`,
      };
}

function failed(expected: Expected, name: string, reason: string, primary: Deployment | undefined): Verdict {
  if (primary !== undefined && primary.id !== expected.id) return notPrimary(expected, name, primary);
  const code = expected.before === undefined ? "DEPLOY_FIRST_FAILED" : "DEPLOY_ROLLED_BACK";
  return { kind: "failed", code, reason: `${name}: ${reason}` };
}

export type UpdateStep =
  | { readonly kind: "adopt"; readonly expected: Expected }
  | { readonly kind: "update"; readonly before?: string; readonly desired?: number; readonly again: boolean };

/**
 * Whether a service has to be given a revision, or has been by an interrupted run: `known` is what that run noted. A
 * deployment that failed is made again.
 */
export function decideUpdate(revision: string, service: Service, known?: Expected): UpdateStep {
  const alive = service.deployments.filter(({ rollout }) => rollout !== "FAILED");
  if (known?.revision === revision && alive.some(({ id }) => id === known.id))
    return { kind: "adopt", expected: known };
  const primary = service.deployments.find(({ status }) => status === "PRIMARY");
  const before = earlier(revision, service);
  if (primary?.revision === revision && alive.includes(primary) && service.desired > 0) {
    return { kind: "adopt", expected: { id: primary.id, revision, ...before } };
  }
  // Terraform makes services with no task: the first deployment brings one, autoscaling takes it from there.
  const desired = service.desired === 0 ? { desired: 1 } : before;
  return { kind: "update", again: primary?.revision === revision, ...desired };
}

function earlier(revision: string, service: Service): { readonly before?: string } {
  const found = service.deployments.find(
    (deployment) => deployment.revision !== revision && deployment.running > 0,
  )?.revision;
  return found === undefined ? {} : { before: found };
}

/** `family:7` of a revision's ARN. */
export function short(revision: string): string {
  return revision.slice(revision.lastIndexOf("/") + 1);
}
