import type { Timeline } from "./timeline.ts";

/**
 * A start as lines of CloudWatch's embedded metric format: one for the whole start, one for each step.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLines(
  { steps, seconds, release, exitCode }: Timeline,
  namespace: string,
  now: Date,
): readonly string[] {
  const line = (dimensions: readonly string[], metrics: Readonly<Record<string, string>>, values: object): string => {
    const Metrics = Object.entries(metrics).map(([Name, Unit]) => ({ Name, Unit }));
    const directive = { Namespace: namespace, Dimensions: [dimensions], Metrics };
    return JSON.stringify({ _aws: { Timestamp: now.getTime(), CloudWatchMetrics: [directive] }, ...values });
  };
  const boot = { BootSeconds: seconds, BootFailed: exitCode === null ? 0 : 1, release };
  const ofSteps = steps.map(({ task, seconds: StepSeconds, wait: StepWait, outcome }) =>
    line(
      ["Step"],
      { StepSeconds: "Seconds", StepWait: "Seconds" },
      { Step: task, StepSeconds, StepWait, outcome, release },
    ),
  );
  return [line([], { BootSeconds: "Seconds", BootFailed: "Count" }, boot), ...ofSteps];
}
