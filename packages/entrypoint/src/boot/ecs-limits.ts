import { STOP_SECONDS } from "./stop-seconds.ts";

/** The name of a limit. */
export type EcsLimitName = "stopTimeout" | "startTimeout" | "startPeriod" | "healthCheckGracePeriodSeconds";

/** What ECS grants a container, in seconds. */
export interface EcsLimit {
  readonly default?: number;
  readonly most: number;
  readonly meaning: string;
  /** Where AWS says so. */
  readonly source: string;
}

const API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";

/** The limits that a start and an end have to keep to; `most` is Fargate's where it has its own. */
export const ECS_LIMITS: Readonly<Record<EcsLimitName, EcsLimit>> = {
  stopTimeout: {
    default: STOP_SECONDS,
    most: 120,
    meaning: "From TERM until ECS kills what is left of a container.",
    source: `${API}/API_ContainerDefinition.html`,
  },
  startTimeout: {
    most: 120,
    meaning: "How long containers that depend on this one wait for it to be HEALTHY or COMPLETE.",
    source: `${API}/API_ContainerDefinition.html`,
  },
  startPeriod: {
    default: 0,
    most: 300,
    meaning: "How long failures of the container's health check do not count.",
    source: `${API}/API_HealthCheck.html`,
  },
  healthCheckGracePeriodSeconds: {
    default: 0,
    most: 2_147_483_647,
    meaning: "How long a service overlooks failures of all health checks: the load balancer's and the container's.",
    source: `${API}/API_CreateService.html`,
  },
};
