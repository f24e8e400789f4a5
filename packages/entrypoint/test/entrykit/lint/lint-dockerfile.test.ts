import { array, assert, constantFrom, oneof, property, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { DIFFERENCES } from "../../../src/entrykit/compatibility/differences.ts";
import { lintDockerfile } from "../../../src/entrykit/lint/lint-dockerfile.ts";

/** The id and the line of each finding. */
function findings(text: string): readonly string[] {
  return lintDockerfile(text).map(({ code, line }) => `${code.replace("entrykit/", "")}:${String(line)}`);
}

function start(...words: readonly string[]): string {
  return `FROM ruby:3.3\nENTRYPOINT ${JSON.stringify(words)}\n`;
}

/** For each difference that can be seen, a line that has it and one beside it that has not. */
const LINES: Readonly<Record<string, { readonly trap: string; readonly fine: string }>> = {
  "no-shell": {
    trap: start("prehook", "rm -f tmp/pids/*", "--"),
    fine: start("prehook", "sh -c 'rm -f tmp/pids/*'", "--"),
  },
  "word-splitting": {
    trap: start("prehook", 'app --name="a b"', "--"),
    fine: start("prehook", 'x=app "--name=a b"', "--"),
  },
  "switch-words": { trap: start("switch", "x=sh -c 'ls'", "--"), fine: start("switch", "x=ls", "--") },
  "empty-task": { trap: start("prehook", "a=", "--"), fine: start("prehook", "a=b", "--") },
  "same-program": {
    trap: start("prehook", "bundle exec rails db:migrate", "bundle exec rake sitemap:refresh", "--"),
    fine: start("prehook", "m=bundle exec rails db:migrate", "s=bundle exec rake sitemap:refresh", "--"),
  },
  "equals-in-task": { trap: start("prehook", "env A=b cmd", "--"), fine: start("prehook", "x=env A=b cmd", "--") },
  "variable-as-name": {
    trap: start("prehook", "RAILS_ENV=rake x", "--"),
    fine: start("prehook", "rails=rake x", "--"),
  },
  expansion: {
    trap: start("switch", "x=y", "--", "app", "${A%.rb}"),
    fine: start("switch", "x=y", "--", "app", "${A:-b}"),
  },
  "dollar-truncation": {
    trap: `${start("prehook", "a", "--")}CMD ["sh", "-c", "echo $(date)"]\n`,
    fine: `${start("prehook", "a", "--")}CMD ["sh", "-c", "echo \\\\$(date)"]\n`,
  },
  "program-lookup": { trap: start("prehook", "a", "--", "$APP"), fine: start("prehook", "a", "--", "app") },
  "environment-without-tasks": { trap: start("codep", "--"), fine: start("codep", "-e", "--") },
  "prefix-option": { trap: start("codep", "-p", "a", "--"), fine: start("codep", "a", "--") },
  "entrykit-skips-hooks": {
    trap: `FROM x\nENV PREHOOK_MIGRATE="rails db:migrate" A=b\nENTRYPOINT ["entrykit", "-e", "--"]\n`,
    fine: `FROM x\nENV CODEP_WEB="rails server" A=b\nENTRYPOINT ["entrykit", "-e", "--"]\n`,
  },
  "missing-separator": {
    trap: `${start("prehook", "a")}CMD ["app"]\n`,
    fine: `${start("prehook", "a", "--")}CMD ["app"]\n`,
  },
  "shell-form": { trap: "FROM x\nENTRYPOINT prehook a -- b\n", fine: "FROM x\nENTRYPOINT app\n" },
  "one-word-command": { trap: start("entrykit -e"), fine: start("entrykit", "-e") },
};

describe("each difference that lint has words for", () => {
  const rows = DIFFERENCES.filter(({ lint }) => lint !== undefined).map(({ id }) => id);

  it.each(rows)("%s is found in its line, and not in one that is right", (id) => {
    expect(findings(LINES[id]?.trap ?? "")).toContainEqual(expect.stringMatching(new RegExp(`^${id}:[23]$`)));
    expect(findings(LINES[id]?.fine ?? "")).toEqual([]);
  });
});

it("has a decision for every row, each with an id of its own", () => {
  expect(new Set(DIFFERENCES.map(({ id }) => id)).size).toBe(DIFFERENCES.length);
  for (const { entrykit, ours, reason } of DIFFERENCES) {
    for (const text of [entrykit, ours, reason]) expect(text).toMatch(/\.$/);
  }
});

it("names what it found, and the remedy", () => {
  expect(lintDockerfile(start("prehook", "rake a && rake b", "--"))).toEqual([
    {
      code: "entrykit/no-shell",
      severity: "warning",
      line: 2,
      message: 'no shell runs this task, so "&&" is plain text',
      hint: "write it as sh -c '...', with the whole script in one pair of quotes",
    },
  ]);
});

describe("the Dockerfile", () => {
  it("is read with continued lines, comments between them and here-documents", () => {
    const text = [
      "# syntax=docker/dockerfile:1",
      "FROM ruby:3.3",
      'entrypoint ["prehook", \\',
      "  # why",
      '  "a *", \\',
      '  "--"]',
      "RUN <<EOF && <<-'END'",
      'ENTRYPOINT ["app"]',
      "EOF",
      'CMD ["b"]',
      "\tEND",
    ].join("\n");
    expect(findings(text)).toEqual(["no-shell:3"]);
  });

  it("may be any text", () => {
    const line = oneof(
      constantFrom("FROM x", "RUN <<EOF", "EOF", "# c", "ENTRYPOINT [", 'CMD ["prehook"', "\\", "ENV A=b \\", ""),
      array(string(), { maxLength: 4 }).map((words) => `ENTRYPOINT ${JSON.stringify(["prehook", ...words])}`),
      string(),
    );
    const survives = property(array(line), (lines) => Array.isArray(lintDockerfile(lines.join("\n"))));
    expect(() => assert(survives, { numRuns: 1000 })).not.toThrow();
  });

  it("is looked at by stage: what a later ENTRYPOINT replaces does not count", () => {
    const wrong = start("prehook", "a *", "--");
    expect(findings(`${wrong}ENTRYPOINT ["app"]\n`)).toEqual([]);
    expect(findings(`${wrong}FROM other\nENTRYPOINT ["app"]\n`)).toEqual(["no-shell:2"]);
  });

  it("may put an init before it, chain commands, and have them in CMD alone", () => {
    const chain = start("tini", "-g", "--", "/usr/local/bin/prehook", "a *", "--", "codep", "-p", "b", "--");
    expect(findings(chain)).toEqual(["no-shell:2", "prefix-option:2"]);
    expect(findings('FROM x\nCMD ["codep", "a *"]\n')).toEqual(["no-shell:2"]);
  });

  it("may use variables in a later command of a chain, which the one before expands", () => {
    expect(findings(start("prehook", "a $X", "--"))).toEqual(["no-shell:2"]);
    expect(findings(start("prehook", "a", "--", "prehook", "b $X", "--"))).toEqual([]);
    expect(findings(start("prehook", "a", "--", "prehook", "sh -c 'b $(c)'", "--"))).toEqual(["dollar-truncation:2"]);
  });

  it("without an entrykit command has no findings", () => {
    expect(findings('FROM x\nENTRYPOINT ["app", "a *", "$(x)"]\nCMD ["b="]\n')).toEqual([]);
    expect(findings("")).toEqual([]);
  });
});

it("looks at what ONBUILD holds", () => {
  expect(findings('FROM ruby:3.3\nONBUILD ENTRYPOINT ["prehook", "rm tmp/*", "--"]\n')).toContain("no-shell:2");
});
