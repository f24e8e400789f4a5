import { arg, copy, env, text, variable, type Rule } from "./case.ts";

/** `ENV`, `LABEL` and `ARG`: pairs, words, quotes. */
export const PAIRS: readonly Rule[] = [
  {
    rule: 23,
    says: "where the first word has no =, the rest of the line is its value",
    cases: [
      { file: "FROM scratch\nENV A b c=d", reads: [env({ A: "b c=d" })] },
      { file: "FROM scratch\nENV A  \"b  c\" 'd'", reads: [env({ A: "b  c d" })] },
      { file: "FROM scratch\nLABEL a  b", reads: [{ instruction: "LABEL", pairs: [{ key: "a", value: "b" }] }] },
      { file: "FROM scratch\nENV A", refused: "pairs", at: "2:5", says: "ENV must have two arguments" },
    ],
  },
  {
    rule: 24,
    says: "every word of the other form has a = and a name before it",
    cases: [
      {
        file: "FROM scratch\nENV A=1 B",
        refused: "pairs",
        at: "2:9",
        says: 'can\'t find = in "B". Must be of the form: name=value',
      },
      { file: "FROM scratch\nENV =1", refused: "pairs", at: "2:5", says: "ENV names can not be blank" },
      { file: "FROM scratch\nLABEL a=1 =2", refused: "pairs", at: "2:11", says: "LABEL names can not be blank" },
      { file: "FROM scratch\nENV", refused: "arguments", at: "2:1", says: "ENV requires at least one argument" },
      { file: "FROM scratch\nENV A= B=", reads: [env({ A: "", B: "" })] },
      { file: "FROM scratch\nENV A=b=c", reads: [env({ A: "b=c" })] },
    ],
  },
  {
    rule: 25,
    says: "all pairs of an instruction expand with what was before it",
    cases: [
      {
        file: "FROM scratch\nENV A=1 B=$A",
        reads: [
          {
            instruction: "ENV",
            pairs: [
              { key: "A", value: "1" },
              { key: "B", value: text(variable("A")) },
            ],
          },
        ],
      },
    ],
  },
  {
    rule: 26,
    says: "names expand too",
    cases: [
      {
        file: "FROM scratch\nENV A$B=1",
        reads: [{ instruction: "ENV", pairs: [{ key: text("A", variable("B")), value: "1" }] }],
      },
      { file: "FROM scratch\nLABEL 'a'=1", reads: [{ instruction: "LABEL", pairs: [{ key: "a", value: "1" }] }] },
      {
        file: "FROM scratch\nENV ${A^}=1",
        refused: "substitution",
        at: "2:5",
        says: "unsupported modifier (^) in substitution",
      },
    ],
  },
  {
    rule: 27,
    says: 'quotes are those of a shell: single ones are literal, in double ones only " $ and the backslash are escaped',
    cases: [
      {
        file: String.raw`FROM scratch${"\n"}ENV A="a\nb" B="\"\\\$x" C='\n$x' D=\n\$x E="a"'b'c`,
        reads: [env({ A: String.raw`a\nb`, B: '"\\$x', C: String.raw`\n$x`, D: "n$x", E: "abc" })],
      },
      {
        file: 'FROM scratch\nENV A="$x y"',
        reads: [{ instruction: "ENV", pairs: [{ key: "A", value: text(variable("x"), " y") }] }],
      },
      {
        file: "FROM scratch\nENV A=$ B=a$ C=$/ D=$$",
        reads: [
          {
            instruction: "ENV",
            pairs: [
              { key: "A", value: "$" },
              { key: "B", value: "a$" },
              { key: "C", value: "$/" },
              { key: "D", value: text(variable("$")) },
            ],
          },
        ],
      },
      {
        file: "FROM scratch\nENV A=$1a B=$x_1-",
        reads: [
          {
            instruction: "ENV",
            pairs: [
              { key: "A", value: text(variable("1"), "a") },
              { key: "B", value: text(variable("x_1"), "-") },
            ],
          },
        ],
      },
      {
        file: "FROM scratch\nUSER ${a:-b}${a-b}${a:+b}${a+b}",
        reads: [
          {
            instruction: "USER",
            value: text(
              variable("a", ":-", "b"),
              variable("a", "-", "b"),
              variable("a", ":+", "b"),
              variable("a", "+", "b"),
            ),
          },
        ],
      },
      {
        file: "FROM scratch\nUSER ${a:-$b'}'}",
        reads: [{ instruction: "USER", value: text(variable("a", ":-", text(variable("b"), "}"))) }],
      },
      {
        file: String.raw`FROM scratch${"\n"}USER x${"${a#*/}${a##*/}${a%.*}${a%%\\**}"}`,
        reads: [
          {
            instruction: "USER",
            value: text(
              "x",
              variable("a", "#", "*/"),
              variable("a", "##", "*/"),
              variable("a", "%", ".*"),
              variable("a", "%%", String.raw`\**`),
            ),
          },
        ],
      },
      {
        file: "FROM scratch\nUSER ${a/b/c}${a//b/}",
        reads: [{ instruction: "USER", value: text(variable("a", "/", "b", "c"), variable("a", "//", "b", "")) }],
      },
      {
        file: "FROM scratch\nUSER ${a:?b}",
        reads: [{ instruction: "USER", value: text(variable("a", ":?", "b")) }],
        engine: "the variable is not set",
      },
      {
        file: "FROM scratch\nENV A=${x^^}",
        refused: "substitution",
        at: "2:7",
        says: "unsupported modifier (^) in substitution",
      },
      {
        file: "FROM scratch\nENV A=${x:=y}",
        refused: "substitution",
        at: "2:7",
        says: "unsupported modifier (:=) in substitution",
      },
      { file: "FROM scratch\nENV A=${}", refused: "substitution", at: "2:7", says: "syntax error: bad substitution" },
      { file: "FROM scratch\nENV A=b${x:-c", refused: "substitution", at: "2:8", says: "syntax error: missing '}'" },
      {
        file: "FROM scratch\nENV A=${x/y}",
        refused: "substitution",
        at: "2:7",
        says: "syntax error: missing '/' in ${}",
      },
      {
        file: String.raw`FROM scratch${"\n"}ENV A=${"${x#\\y}"}`,
        refused: "substitution",
        at: "2:7",
        says: "invalid pattern",
      },
    ],
  },
  {
    rule: 28,
    says: "a quote that is not closed is found when the word expands",
    cases: [
      {
        file: "FROM scratch\nENV A='b c",
        refused: "quote-unmatched",
        at: "2:7",
        says: "looking for matching single-quote",
      },
      {
        file: 'FROM scratch\nUSER a"b',
        refused: "quote-unmatched",
        at: "2:7",
        says: "looking for matching double-quote",
      },
      {
        file: 'FROM scratch\nVOLUME ["it\'s"]',
        refused: "quote-unmatched",
        at: "2:9",
        says: "looking for matching single-quote",
      },
      {
        file: "ARG A='b\nFROM scratch",
        refused: "quote-unmatched",
        at: "1:7",
        says: "looking for matching single-quote",
      },
      {
        file: "FROM scratch\nRUN echo 'a",
        reads: [{ instruction: "RUN", command: { form: "shell", text: "echo 'a" } }],
      },
      { file: "FROM scratch\nENV A=b\\", reads: [env({ A: "b" })] },
      {
        file: "FROM scratch\nCOPY it's /x",
        refused: "quote-unmatched",
        at: "2:8",
        says: "looking for matching single-quote",
      },
      { file: "FROM scratch\nCOPY it\\'s /x", reads: [copy(["it's"], "/x")] },
    ],
  },
  {
    rule: 32,
    says: "names of arguments are taken as they are",
    cases: [
      {
        file: 'FROM scratch\nARG a-b "c d"=1 $x',
        reads: [{ instruction: "ARG", args: [{ name: "a-b" }, { name: '"c d"', value: "1" }, { name: "$x" }] }],
      },
      { file: "FROM scratch\nARG =1", refused: "pairs", at: "2:5", says: "ARG names can not be blank" },
      { file: "FROM scratch\nARG", refused: "arguments", at: "2:1", says: "ARG requires at least one argument" },
      { file: "FROM scratch\nARG --flag A", reads: [arg("A")] },
      {
        file: "FROM scratch\nARG A=${B:-c}",
        reads: [{ instruction: "ARG", args: [{ name: "A", value: text(variable("B", ":-", "c")) }] }],
      },
    ],
  },
];
