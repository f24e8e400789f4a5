import { appOutput, record, text, type PlanJson } from "../terraform/plan.ts";

/** What a pipeline calls the things of an environment. */
export interface PipelineNames {
  readonly families: readonly string[];
  readonly repositories: readonly string[];
  readonly bucket: readonly string[];
  readonly roles: readonly string[];
}

/** The names in a pipeline's text for an environment: every word that begins with the prefix, its parameters filled in. */
export function pipelineNames(pipeline: string, environment: string): PipelineNames {
  const filled = pipeline
    .replaceAll(/<< parameters\.environment >>|\$\{\{ env\.ENVIRONMENT \}\}|\$ENVIRONMENT\b/g, environment)
    .replaceAll(/<< parameters\.role >>/g, "build proff-" + environment + "-ci-deploy")
    .replaceAll(/proff-(dev|prod)-<< parameters\.image >>/g, "proff-$1-app proff-$1-pdf")
    .replaceAll(/proff-(dev|prod)-<< parameters\.service >>/g, "proff-$1-web proff-$1-worker proff-$1-pdf");
  const words = new Set(filled.match(new RegExp(`proff-${environment}-[a-z-]+`, "g")) ?? []);
  const those = (pattern: RegExp): string[] => [...words].filter((word) => pattern.test(word)).toSorted();
  return {
    families: those(/-(web|worker|pdf)$/),
    repositories: those(/-(app|pdf|cache)$/),
    bucket: those(/-assets$/),
    roles: those(/-ci-(build|deploy)$/),
  };
}

/** The same names as Terraform would make them. */
export function terraformNames(plan: PlanJson): PipelineNames {
  const app = appOutput(plan);
  const services = Object.values(record(app["services"])).map(record);
  return {
    families: services.map((service) => text(service["family"])).toSorted(),
    repositories: Object.values(record(app["repositories"])).map(text).toSorted(),
    bucket: [text(record(app["assets"])["target"]).replace("s3://", "")],
    roles: Object.values(record(app["ci_roles"]))
      .map((arn) => text(arn).replace(/^.*\//, ""))
      .toSorted(),
  };
}
