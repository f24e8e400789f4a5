import { array, assert, constantFrom, property, string } from "fast-check";
import { describe, expect, it } from "vitest";

import { Evaluation } from "../../../src/entrykit/template/evaluate.ts";
import type { TemplateFiles } from "../../../src/entrykit/template/files.ts";
import { takes, type FunctionTable } from "../../../src/entrykit/template/function-table.ts";
import { FUNCTIONS, REFUSED_FUNCTIONS, refusalOf } from "../../../src/entrykit/template/functions.ts";
import { parseTemplate } from "../../../src/entrykit/template/parse-template.ts";
import { TemplateError } from "../../../src/entrykit/template/position.ts";
import { renderTemplate } from "../../../src/entrykit/template/render-template.ts";
import { valueOf } from "../../../src/entrykit/template/value.ts";
import goResults from "./go-results.json" with { type: "json" };

const NO_FILES: TemplateFiles = { find: () => undefined, read: () => "", list: () => [] };

function render(text: string, env: NodeJS.ProcessEnv = {}): string {
  return renderTemplate("t", text, { env, files: () => NO_FILES });
}

/** What the template gives, or the message of what is wrong with it. */
function outcome(text: string): string {
  try {
    return render(text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return error.message;
  }
}

/** The value that `data` gave when Go's text/template (1.19) was asked for the same templates. */
const DATA = valueOf({
  s: "x",
  n: 3,
  f: 1.5,
  b: true,
  z: null,
  l: [1, "a", null],
  m: { k: "v", j: "w" },
  e: "",
  el: [],
});

function refusal(name: string): string | undefined {
  return name === "data" ? undefined : refusalOf(name);
}

describe("gives what Go's text/template gives", () => {
  const functions: FunctionTable = { ...FUNCTIONS, data: takes(0, () => DATA) };

  function run(text: string): string | null {
    const source = { name: "t", text, delimiters: ["{{", "}}"] as const };
    try {
      const template = parseTemplate(source, { refusal, variables: [] });
      const context = { env: {}, strict: false, files: NO_FILES, render: () => "" };
      return new Evaluation(source, template, { functions, context, budget: { steps: 0 } }).run([]);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return null;
    }
  }

  it.each(goResults)("$template", ({ template, output }) => {
    expect(run(template)).toBe(output);
  });
});

describe("the language", () => {
  it.each([
    ['{{with "x"}}{{.}}{{else}}none{{end}}', "x"],
    ['{{with ""}}{{.}}{{else}}none{{end}}', "none"],
    ['{{with $x := "a"}}{{$x}}{{.}}{{end}}', "aa"],
    ["{{$x := 1}}{{if true}}{{$x := 2}}{{$x}}{{end}}{{$x}}", "21"],
    ["{{$x := 1}}{{if true}}{{$x = 2}}{{$x}}{{end}}{{$x}}", "22"],
    ['{{range $i, $v := split "," "a,b"}}{{$i}}{{$v}}{{.}}{{end}}', "0aa1bb"],
    ['{{range split "," "b=1,a=2" | splitkv "="}}{{.}}{{end}}', "21"],
    ['{{block "b" "x"}}[{{.}}{{$}}]{{end}}', "[xx]"],
    ["{{1000000.0}} {{123456.0}} {{0.0001}} {{0.00001}} {{1e20}}", "1e+06 123456 0.0001 1e-05 1e+20"],
    ["{{0x10}} {{010}} {{0b11}} {{1_000}} {{'a'}} {{-2}}", "16 8 3 1000 97 -2"],
    ['{{"\\x41\\u00e9\\t"}}{{`a\\n`}}', "Aé\ta\\n"],
    ['{{print 1 2 "a" 3}}|{{println "a" 1}}', "1 2a3|a 1\n"],
    ['{{(split "," "a,b") | len}} {{index (split "," "a,b") 1}} {{slice "abcd" 1 3}}', "2 b bc"],
    ['{{printf "%5.1f|%-4s|%04d|%x|%q" 1.25 "a" 7 "hi" "\\""}}', '  1.2|a   |0007|6869|"\\""'],
    [
      '{{html "<a b=\'c\'>&"}} {{urlquery "a b&ü"}} {{js "it\'s <"}}',
      "&lt;a b=&#39;c&#39;&gt;&amp; a+b%26%C3%BC it\\'s \\u003C",
    ],
    ["{{.a.b}} {{and nil 1}} {{or nil 1}} {{not nil}}", "<no value> <no value> 1 true"],
  ])("%s", (text, output) => {
    expect(outcome(text)).toBe(output);
  });
});

describe("an error names the place", () => {
  it.each([
    ["{{", "1:1: unclosed action"],
    ["a\n b {{ if true }}c", "2:4: {{if}} without {{end}}"],
    ["{{ end }}", "1:1: unexpected {{end}}"],
    ["{{ if true }}{{ else }}{{ else }}{{ end }}", "1:24: expected end; found {{else}}"],
    ["é{{ $x }}", '1:6: undefined variable "$x"'],
    ['{{ "x }}', "1:4: unterminated quoted string"],
    ["{{ ! }}", '1:4: unexpected "!" in action'],
    ['{{ "\\q" }}', "1:4: unknown escape \\q in string"],
    ["{{ 1 | 2 }}", "1:8: non executable command in pipeline: only a function can take a value"],
    ["{{ 1 2 }}", "1:4: can't give an argument to what is not a function"],
    ["{{ upper }}", "1:4: wrong number of arguments for upper: want 1 got 0"],
    ["{{ upper 1 }}", "1:4: error calling upper: upper must be given a string, got a number"],
    ['{{ index "abc" 9 }}', "1:4: error calling index: index out of range: 9"],
    ['{{ template "x" }}', '1:1: template "x" not defined'],
    ["{{ range 1 }}{{ end }}", "1:10: range can't iterate over a value of type int"],
    ["{{/* x", "1:1: unclosed comment"],
    ['{{ lt 1 "a" }}', "1:4: error calling lt: incompatible types for comparison: int and string"],
    ['{{ match "[" "x" }}', "1:4: error calling match: bad pattern: ["],
    ["{{ seq -1 }}", "1:4: error calling seq: seq must be given an integer or numeric string that is not negative"],
    [
      '{{ if true }}{{ define "x" }}{{ end }}{{ end }}',
      "1:14: unexpected {{define}}: it cannot stand inside another action",
    ],
    ["{{ break }}", '1:4: function "break" not defined'],
  ])("%s", (text, message) => {
    expect(outcome(text)).toBe(`template: t:${message}`);
  });

  it.each(Object.entries(REFUSED_FUNCTIONS))("%s is refused with what to use instead", (name, instead) => {
    expect(outcome(`{{ ${name} "x" }}`)).toBe(`template: t:1:4: function "${name}" is not supported: ${instead}`);
  });
});

describe("ends", () => {
  it.each([
    [
      "a template that calls itself",
      '{{define "a"}}{{template "b"}}{{template "b"}}{{end}}{{define "b"}}{{template "a"}}{{end}}{{template "a"}}',
      "calls itself without an end",
    ],
    ["a loop in a loop", "{{range seq 2000}}{{range seq 2000}}x{{end}}{{end}}", "more than 1000000 steps"],
    ["an empty loop", "{{range seq 100000}}{{range seq 100000}}{{end}}{{end}}", "more than 1000000 steps"],
    [
      "a list that grows",
      '{{$l := split "," "a"}}{{range seq 100000}}{{$l = append . $l}}{{end}}',
      "more than 1000000 steps",
    ],
    [
      "a text that doubles",
      '{{$x := "ab"}}{{range seq 60}}{{$x = print $x $x}}{{end}}',
      "more than 33554432 characters",
    ],
    [
      "a long output",
      '{{$x := printf "%9999d" 1}}{{range seq 100000}}{{$x}}{{end}}',
      "more than 33554432 characters of output",
    ],
    ["a long sequence", '{{ seq "99999999999999999999" }}', "seq of more than 1000000"],
    ["many parentheses", `{{ ${"(".repeat(5000)}1${")".repeat(5000)} }}`, "nested more than 200 deep"],
    ["many blocks", "{{if 1}}".repeat(5000), "nested more than 200 deep"],
    ["a column too wide", '{{ printf "%999999999d" 1 }}', "printf: %999999999d: expected a width up to 9999 and"],
    ["a wide column", '{{ printf "%9999d" 1 | printf "%s%s" "" | len }}', "9999"],
  ])("%s", (_, text, says) => {
    expect(outcome(text)).toContain(says);
  });

  const PIECES = constantFrom(
    ...'{{ |}} |{{- | -}}|{{|}}|if |else|else if |end|range |with |define |template |block |$x|$x := |$| := | = |.|.a|"s"|`r`|\'c\'|1|-2.5|0x|1e9|nil|true|(|)|\\|| |,|\n|text|upper |index |slice |printf |"%5.2f%q" |split "," |seq 3|and |eq |len |json |include |/*|*/|\\}}\n{{|é|\\'.split(
      "|",
    ),
  );

  it("whatever the text, with an output or with an error that has a line and a column", () => {
    const settles = property(array(PIECES, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const result = outcome(text);
      return !text.includes("{{") || !result.startsWith("template: ") || /^template: t:\d+:\d+: /.test(result);
    });
    expect(() => assert(settles, { numRuns: 5000 })).not.toThrow();
  });
});

it("leaves text without actions as it is", () => {
  const plain = property(string(), (text) => text.includes("{{") || render(text) === text);
  expect(() => assert(plain)).not.toThrow();
});

it("puts any text of the environment in as it is", () => {
  const same = property(string(), (text) => render('{{ var "X" }}', { X: text }) === text);
  expect(() => assert(same)).not.toThrow();
});
