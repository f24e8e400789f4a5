/** What is wrong with a pipeline, by the rule that says so. */
export interface PipelineFinding {
  readonly rule: string;
  readonly message: string;
}
