import type { Severity } from "../finding.ts";

/** Everything the reader can find wrong with the text of a Dockerfile. */
export type GrammarCode =
  | "no-instructions"
  | "no-stage"
  | "directive"
  | "line-too-long"
  | "empty-continuation"
  | "unknown-instruction"
  | "maintainer"
  | "unknown-flag"
  | "flag-value"
  | "arguments"
  | "json-strings"
  | "pairs"
  | "quote-unmatched"
  | "substitution"
  | "nesting"
  | "heredoc-delimiter"
  | "heredoc-unterminated"
  | "heredoc-target"
  | "stage-name"
  | "copy-from"
  | "mount"
  | "device"
  | "onbuild"
  | "healthcheck"
  | "port"
  | "signal";

/** A row: how grave it is, what it means, what to do about it. */
export interface GrammarRow {
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
}

function error(meaning: string, remedy: string): GrammarRow {
  return { severity: "error", meaning, remedy };
}

function warning(meaning: string, remedy: string): GrammarRow {
  return { severity: "warning", meaning, remedy };
}

/** The findings of the kind `grammar`. BuildKit refuses a file with any that is an error. */
export const GRAMMAR: Readonly<Record<GrammarCode, GrammarRow>> = {
  "no-instructions": error("The file holds no instruction.", "Begin with FROM."),
  "no-stage": error("An instruction other than ARG stands before the first FROM.", "Move it behind a FROM."),
  directive: error(
    "A directive stands there twice, or `escape` is neither a backslash nor a backtick.",
    "Write each of `# syntax=`, `# escape=` and `# check=` once, before everything else.",
  ),
  "line-too-long": error(
    "A line is longer than BuildKit reads.",
    "Break it with a backslash; joined lines may be longer. In a heredoc, COPY a file instead.",
  ),
  "empty-continuation": warning(
    "An empty line stands in the middle of an instruction; a later BuildKit will end the instruction there.",
    "Remove the empty line, or put a # there.",
  ),
  "unknown-instruction": error("There is no such instruction.", "Correct the spelling."),
  maintainer: warning("MAINTAINER is deprecated.", "Write LABEL org.opencontainers.image.authors= instead."),
  "unknown-flag": error(
    "The instruction has no such flag.",
    "Correct the spelling. A word that begins with -- is an argument only behind another one, or behind a lone --.",
  ),
  "flag-value": error("A flag is there twice, lacks its value, or has one it does not take.", "Correct the value."),
  arguments: error(
    "The instruction has too few or too many arguments.",
    "Compare with the reference of the instruction.",
  ),
  "json-strings": error(
    "An array in JSON form holds something that is no string.",
    "Put every element in double quotes.",
  ),
  pairs: error(
    "ENV or LABEL is not made of NAME=value pairs.",
    "Write NAME=value, with the value in quotes where it has blanks.",
  ),
  "quote-unmatched": error("A quote is not closed.", "Close it, or escape it with a backslash."),
  substitution: error(
    "BuildKit does not know this form of ${…}.",
    "Use ${NAME}, :- - :+ + :? ? # ## % %% / or //, with the closing brace; leave other forms to the shell in RUN.",
  ),
  nesting: error("Substitutions stand inside each other deeper than this reader follows.", "Use an ARG in between."),
  "heredoc-delimiter": error("The delimiter of a heredoc cannot be read.", "Use a plain word: <<EOF."),
  "heredoc-unterminated": error(
    "No line ends a heredoc, so it takes the rest of the file.",
    "Put the delimiter alone on a line, without blanks. Where << is no heredoc, leave no blank behind it or quote it.",
  ),
  "heredoc-target": error("A heredoc stands where the target should be.", "Put the heredoc before a target path."),
  "stage-name": error(
    "A stage has a name BuildKit does not take.",
    "Use a-z first, then a-z, 0-9, '-', '_' and '.'; no variables.",
  ),
  "copy-from": error(
    "--from holds a variable or is no stage and no image.",
    "Name a stage: FROM image:${ARG} AS name.",
  ),
  mount: error("BuildKit does not take this --mount.", "Compare with the reference of RUN --mount."),
  device: error("BuildKit does not take this --device.", "Write --device=NAME or --device=NAME,required."),
  onbuild: error(
    "The trigger cannot run in an image built from this one.",
    "Use an instruction other than ONBUILD and FROM.",
  ),
  healthcheck: error(
    "The health check is not one.",
    "Write HEALTHCHECK [--interval=30s …] CMD command, or HEALTHCHECK NONE.",
  ),
  port: error("This is not a port.", "Write a number or a range, and /tcp, /udp or /sctp behind it if need be."),
  signal: error("This is not a signal.", "Use a name such as SIGTERM, or a number."),
};
