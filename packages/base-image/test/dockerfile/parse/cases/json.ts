import { copy, exec, run, type Rule } from "./case.ts";

/** Arguments in JSON form. */
export const JSON_FORM: readonly Rule[] = [
  {
    rule: 16,
    says: "JSON form is valid JSON with nothing but strings; other text is taken as it stands",
    cases: [
      { file: 'FROM scratch\nRUN [ "a" , "b c" ] ', reads: [exec("a", "b c")] },
      { file: "FROM scratch\nRUN ['a', 'b']", reads: [run("['a', 'b']")] },
      { file: 'FROM scratch\nRUN ["a",]', reads: [run('["a",]')] },
      {
        file: 'FROM scratch\nCMD ["a"] b',
        reads: [{ instruction: "CMD", command: { form: "shell", text: '["a"] b' } }],
      },
      {
        file: 'FROM scratch\nRUN ["a", 1]',
        refused: "json-strings",
        at: "2:5",
        says: "arrays must be comprised of strings only",
      },
      {
        file: "FROM scratch\nVOLUME [null]",
        refused: "json-strings",
        at: "2:8",
        says: "arrays must be comprised of strings only",
      },
      {
        file: 'FROM scratch\nRUN [["a"]]',
        refused: "json-strings",
        at: "2:5",
        says: "arrays must be comprised of strings only",
      },
      { file: "FROM scratch\nRUN [1e999]", reads: [run("[1e999]")] },
      { file: "FROM scratch\nCOPY [a, b, /c]", reads: [copy(["[a,", "b,"], "/c]")] },
      { file: "FROM scratch\nCOPY [\"a\", 'b']", reads: [copy(["[a,"], "b]")] },
    ],
  },
  {
    rule: 17,
    says: "text that begins with [ is tried as JSON and else is text",
    cases: [
      { file: "FROM scratch\nRUN [ -f x ] && y", reads: [run("[ -f x ] && y")] },
      { file: "FROM scratch\nRUN [[ a ]]", reads: [run("[[ a ]]")] },
      { file: 'FROM scratch\nRUN [ "$a" = "b" ]', reads: [run('[ "$a" = "b" ]')] },
    ],
  },
  {
    rule: 18,
    says: "escapes of JSON count",
    cases: [
      { file: String.raw`FROM scratch${"\n"}RUN ["\u0061\n\t\"", "\ud83d\ude00"]`, reads: [exec('a\n\t"', "😀")] },
      { file: String.raw`FROM scratch${"\n"}RUN ["\ud800"]`, reads: [exec("\uFFFD")] },
      { file: String.raw`FROM scratch${"\n"}RUN ["\x"]`, reads: [run(String.raw`["\x"]`)] },
    ],
  },
  {
    rule: 19,
    says: "empty arrays and no text are commands; SHELL needs an element",
    cases: [
      { file: "FROM scratch\nRUN []", reads: [exec()] },
      { file: "FROM scratch\nRUN", reads: [run("")] },
      { file: "FROM scratch\nCMD []", reads: [{ instruction: "CMD", command: { form: "exec", words: [] } }] },
      {
        file: "FROM scratch\nENTRYPOINT []",
        reads: [{ instruction: "ENTRYPOINT", command: { form: "exec", words: [] } }],
      },
      { file: "FROM scratch\nSHELL []", refused: "arguments", at: "2:1", says: "SHELL requires at least one argument" },
    ],
  },
  {
    rule: 20,
    says: "a path with a blank needs JSON form: quotes do not group words",
    cases: [
      { file: 'FROM scratch\nCOPY ["a b", "/c d/"]', reads: [copy(["a b"], "/c d/")] },
      {
        file: 'FROM scratch\nCOPY "a b" /c',
        refused: "quote-unmatched",
        at: "2:6",
        says: "looking for matching double-quote",
      },
      { file: String.raw`FROM scratch${"\n"}COPY a\ b /c/`, reads: [copy(["a", "b"], "/c/")] },
      { file: "FROM scratch\nCOPY \"a\" 'b' /c/", reads: [copy(["a", "b"], "/c/")] },
    ],
  },
  {
    rule: 21,
    says: "a JSON source that looks like a heredoc is an empty one",
    cases: [
      {
        file: 'FROM scratch\nCOPY ["<<EOF", "/x"]',
        reads: [{ instruction: "COPY", sources: [], files: [{ name: "EOF", body: "", expand: true }], target: "/x" }],
      },
      {
        file: 'FROM scratch\nCOPY ["a", "<<EOF"]',
        refused: "heredoc-target",
        at: "2:12",
        says: "COPY cannot accept a heredoc as a destination",
      },
    ],
  },
  {
    rule: 22,
    says: "JSON form has no heredocs",
    cases: [
      {
        file: 'FROM scratch\nRUN ["cat", "<<EOF"]\nUSER a',
        reads: [exec("cat", "<<EOF"), { instruction: "USER", value: "a" }],
      },
    ],
  },
];
