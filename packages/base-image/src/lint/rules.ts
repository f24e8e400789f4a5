import { NAME_RULES } from "../stage/rules/names.ts";
import { SOURCE_RULES } from "../stage/rules/sources.ts";
import { TARGET_RULES } from "../stage/rules/targets.ts";
import { EMPTY_VARIABLE_RULES } from "../stage/rules/variables.ts";
import { inFiles } from "./graph-findings.ts";
import type { Rule } from "./rule.ts";
import { APT_CACHE_RULES } from "./rules/apt-cache.ts";
import { APT_RULES } from "./rules/apt.ts";
import { BASE_RULES } from "./rules/base.ts";
import { COPY_FROM_RULES } from "./rules/copy-from.ts";
import { COPY_RULES } from "./rules/copy.ts";
import { FORM_RULES } from "./rules/form.ts";
import { IGNORE_RULES } from "./rules/ignore.ts";
import { JAVASCRIPT_RULES } from "./rules/javascript.ts";
import { LABEL_RULES } from "./rules/label.ts";
import { MOUNT_RULES } from "./rules/mount.ts";
import { PACKAGE_RULES } from "./rules/packages.ts";
import { PIPE_RULES } from "./rules/pipe.ts";
import { RUBY_RULES } from "./rules/ruby.ts";
import { SECRET_RULES } from "./rules/secret.ts";
import { SHELL_RULES } from "./rules/shell.ts";
import { STAGE_RULES } from "./rules/stage.ts";
import { START_RULES } from "./rules/start.ts";
import { USER_RULES } from "./rules/user.ts";
import { VARIABLE_RULES } from "./rules/variable.ts";

/** Every rule, by what it is about. */
export const RULES_BY_SUBJECT: Readonly<Record<string, readonly Rule[]>> = {
  "The base": BASE_RULES,
  Stages: [...STAGE_RULES, ...inFiles([...NAME_RULES, ...SOURCE_RULES])],
  "Arguments and variables": [...inFiles(EMPTY_VARIABLE_RULES), ...VARIABLE_RULES],
  Secrets: SECRET_RULES,
  "The user": USER_RULES,
  "apt-get": [...APT_RULES, ...APT_CACHE_RULES],
  "Other package managers": PACKAGE_RULES,
  Ruby: RUBY_RULES,
  JavaScript: JAVASCRIPT_RULES,
  "COPY and ADD": [...inFiles(TARGET_RULES), ...COPY_RULES, ...COPY_FROM_RULES],
  Mounts: MOUNT_RULES,
  "The shell of a RUN": [...SHELL_RULES, ...PIPE_RULES],
  "How a container starts": START_RULES,
  Labels: LABEL_RULES,
  "The written form": FORM_RULES,
  Suppressions: IGNORE_RULES,
};

/** Every rule. */
export const RULES: readonly Rule[] = Object.values(RULES_BY_SUBJECT).flat();
