/** What is wrong with a pipeline, by the rule that says so. */
export interface PipelineFinding {
  readonly rule: string;
  readonly message: string;
}

/** Whether a script hides that one of its commands failed. */
export function mayFail(script: string): boolean {
  return /\|\|\s*(true|:)|\bset \+e\b/.test(script);
}
