export type { Mount } from "./dockerfile/mount.ts";
export { expandText, type Expansion } from "./dockerfile/expand-text.ts";
export type { Finding as ParsedFinding, Severity } from "./dockerfile/finding.ts";
export { parse, parseOrThrow } from "./dockerfile/parse/parse.ts";
export {
  placeOf,
  type LinePiece,
  type ParsedComment,
  type ParsedDirective,
  type ParsedDockerfile,
  type ParsedFlag,
  type ParsedHeredoc,
  type ParsedInstruction,
  type ParsedLine,
  type ParsedStage,
  type ParsedWord,
  type Place,
  type Span,
} from "./dockerfile/parse/parsed.ts";
export {
  arg,
  expand,
  modify,
  variable,
  type BuildArg,
  type Expandable,
  type Modifier,
  type Text,
  type Variable,
} from "./dockerfile/text.ts";
export { BaseImageError, ERRORS, type ErrorCode } from "./errors.ts";
export { lintDefinition, type DefinitionReport } from "./lint/lint-definition.ts";
export { lint, type LintOptions, type LintReport } from "./lint/lint.ts";
export type { Rule } from "./lint/rule.ts";
export { RULES, RULES_BY_SUBJECT } from "./lint/rules.ts";
export { findShellCheck, type ShellCheck } from "./lint/shellcheck.ts";
export { aptInstall, type AptOptions } from "./recipe/apt.ts";
export { surveyApp, type AppSurvey } from "./recipe/assets/app-survey.ts";
export { assetInputs, type AssetInput, type AssetInputOptions } from "./recipe/assets/asset-inputs.ts";
export { bootsnapFolders, copyAssetInputs } from "./recipe/assets/assets-stage.ts";
export { bundledWith } from "./recipe/bundler.ts";
export type { Database } from "./recipe/databases.ts";
export { APP_DIRECTORY, APP_USER } from "./recipe/app-user.ts";
export { certificate } from "./recipe/certificate.ts";
export type { Font } from "./recipe/fonts.ts";
export { rubyNode, type RubyNodeImage } from "./recipe/ruby-node.ts";
export type { CertificatesInput, RubyNodeInput } from "./recipe/ruby-node-input.ts";
export type { CiInput, PdfInput } from "./recipe/variant-options.ts";
export type { RubyNodeRecipe } from "./recipe/ruby-node-options.ts";
export type { Suite } from "./recipe/supported.ts";
export { bakeFile, type BakeFile, type BakeTarget } from "./stage/bake.ts";
export { from, namedContext, type ImageBase, type NamedContext } from "./stage/base.ts";
export { renderDockerfile, type RenderedDockerfile, type RenderedStage } from "./stage/dockerfile.ts";
export type { Frontend } from "./stage/fit.ts";
export { checkGraph, type Finding } from "./stage/graph.ts";
export { defineImage, PROGRAMS_PATH, type ImageDefinition, type ImageInput, type LintInput } from "./stage/image.ts";
export { matrix, type Cell, type ImageMatrix } from "./stage/matrix.ts";
export type { BudgetInput } from "./stage/budget.ts";
export type { AddOptions, CopyOptions, WriteOptions } from "./stage/copy-step.ts";
export type { HealthcheckOptions } from "./stage/healthcheck-step.ts";
export {
  bind,
  cache,
  secret,
  ssh,
  tmpfs,
  type BindOptions,
  type CacheOptions,
  type SecretOptions,
  type SshOptions,
} from "./stage/mount.ts";
export { dockerignore, stageInputs, type StageInputs } from "./stage/inputs.ts";
export { script, type Runnable, type RunOptions, type Script } from "./stage/run-step.ts";
export type { Source } from "./stage/source.ts";
export { mermaid, stageGraph, type GraphEdge, type GraphStage, type StageGraph } from "./stage/stage-graph.ts";
export { stage, type Stage } from "./stage/stage.ts";
