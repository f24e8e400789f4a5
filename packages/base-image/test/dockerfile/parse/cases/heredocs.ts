import type { Heredoc, Instruction } from "../../../../src/dockerfile/instruction.ts";
import { env, run, script, type Rule } from "./case.ts";

function written(target: string, ...files: readonly Heredoc[]): Instruction {
  return { instruction: "COPY", sources: [], files, target };
}

function shell(text: string, ...heredocs: readonly Heredoc[]): Instruction {
  return { instruction: "RUN", command: { form: "shell", text, heredocs } };
}

const USER: Instruction = { instruction: "USER", value: "u" };

/** Heredocs. */
export const HEREDOCS: readonly Rule[] = [
  {
    rule: 40,
    says: "RUN, COPY and ADD have heredocs, and ONBUILD of these; elsewhere << is text",
    cases: [
      { file: "FROM scratch\nENV A=<<EOF\nUSER u", reads: [env({ A: "<<EOF" }), USER] },
      {
        file: "FROM scratch\nCMD cat <<EOF\nUSER u",
        reads: [{ instruction: "CMD", command: { form: "shell", text: "cat <<EOF" } }, USER],
      },
      {
        file: "FROM scratch\nADD <<EOF /x\na\nEOF\nUSER u",
        reads: [
          { instruction: "ADD", sources: [], files: [{ name: "EOF", body: "a\n", expand: true }], target: "/x" },
          USER,
        ],
      },
      {
        file: "FROM scratch\nONBUILD RUN <<EOF\na\nEOF\nUSER u",
        reads: [{ instruction: "ONBUILD", trigger: script("a\n") }, USER],
      },
    ],
  },
  {
    rule: 41,
    says: "a marker is one word with an optional digit and dash; quotes but no backslash keep the body as it is",
    cases: [
      {
        file: "FROM scratch\nCOPY <<EOF /x\n'$a\n \"${b^}\nEOF",
        refused: "substitution",
        at: "4:3",
        says: "unsupported modifier (^) in substitution",
      },
      {
        file: "FROM scratch\nCOPY <<'EOF' /x\n${b^}\nEOF",
        reads: [written("/x", { name: "EOF", body: "${b^}\n", expand: false })],
      },
      {
        file: "FROM scratch\nCOPY <<'EOF' /x\n$a\nEOF",
        reads: [written("/x", { name: "EOF", body: "$a\n", expand: false })],
      },
      {
        file: 'FROM scratch\nCOPY <<E"O"F /x\n$a\nEOF',
        reads: [written("/x", { name: "EOF", body: "$a\n", expand: false })],
      },
      {
        file: "FROM scratch\nCOPY <<\\EOF /x\n$a\nEOF",
        reads: [written("/x", { name: "EOF", body: "$a\n", expand: true })],
      },
      {
        file: "FROM scratch\nCOPY <<-EOF /x\n\ta\n\tEOF",
        reads: [written("/x", { name: "EOF", body: "\ta\n", expand: true, stripTabs: true })],
      },
      {
        file: "FROM scratch\nRUN cat 3<<EOF\na\nEOF",
        reads: [shell("cat 3<<EOF", { name: "EOF", body: "a\n", expand: true, fd: 3 })],
      },
      {
        file: 'FROM scratch\nRUN cat <<"a b"\nx\na b',
        reads: [shell('cat <<"a b"', { name: "a b", body: "x\n", expand: false })],
      },
      {
        file: "FROM scratch\nRUN cat <<$X\na\n$X",
        reads: [shell("cat <<$X", { name: "$X", body: "a\n", expand: true })],
      },
      {
        file: "FROM scratch\nRUN cat <<${X}\na\n${X}",
        reads: [shell("cat <<${X}", { name: "${X}", body: "a\n", expand: true })],
      },
      { file: "FROM scratch\nRUN cat <<${X:-y}\nUSER u", reads: [run("cat <<${X:-y}"), USER] },
    ],
  },
  {
    rule: 42,
    says: "blanks may stand behind <<, but not behind <<-",
    cases: [
      { file: "FROM scratch\nRUN << EOF\na\nEOF\nUSER u", reads: [script("a\n"), USER] },
      {
        file: "FROM scratch\nRUN cat << \tEOF\na\nEOF\nUSER u",
        reads: [shell("cat << \tEOF", { name: "EOF", body: "a\n", expand: true }), USER],
      },
      { file: "FROM scratch\nRUN cat <<- EOF\nUSER u", reads: [run("cat <<- EOF"), USER] },
    ],
  },
  {
    rule: 43,
    says: "a shift with blanks is a heredoc; <<< and << in quotes are not",
    cases: [
      {
        file: "FROM scratch\nRUN echo $((1 << 2))",
        refused: "heredoc-unterminated",
        at: "2:15",
        says: "unterminated heredoc",
      },
      { file: "FROM scratch\nRUN echo $((1<<2))\nUSER u", reads: [run("echo $((1<<2))"), USER] },
      { file: "FROM scratch\nRUN cat <<<a\nUSER u", reads: [run("cat <<<a"), USER] },
      { file: 'FROM scratch\nRUN echo "a <<EOF b"\nUSER u', reads: [run('echo "a <<EOF b"'), USER] },
      { file: "FROM scratch\nRUN sh -c 'cat <<EOF'\nUSER u", reads: [run("sh -c 'cat <<EOF'"), USER] },
      { file: "FROM scratch\nRUN echo it's <<EOF\nUSER u", reads: [run("echo it's <<EOF"), USER] },
      { file: "FROM scratch\nRUN echo ${x^^} <<EOF\nUSER u", reads: [run("echo ${x^^} <<EOF"), USER] },
      {
        file: "FROM scratch\nRUN echo ${x:=y} <<EOF\na\nEOF\nUSER u",
        reads: [shell("echo ${x:=y} <<EOF", { name: "EOF", body: "a\n", expand: true }), USER],
      },
      { file: "FROM scratch\nRUN echo \\<<EOF\nUSER u", reads: [run("echo \\<<EOF"), USER] },
      { file: "FROM scratch\nRUN cat a<<EOF\nUSER u", reads: [run("cat a<<EOF"), USER] },
    ],
  },
  {
    rule: 44,
    says: "the line that ends a body is the delimiter and nothing else",
    cases: [
      { file: "FROM scratch\nRUN <<EOF\nEOF \n EOF\nEOF\nUSER u", reads: [script("EOF \n EOF\n"), USER] },
      { file: "FROM scratch\nRUN <<-EOF\n\t EOF\n\t\tEOF\nUSER u", reads: [script(" EOF\n"), USER] },
      {
        file: "FROM scratch\nRUN <<EOF\na\n\tEOF",
        refused: "heredoc-unterminated",
        at: "2:5",
        says: "unterminated heredoc",
      },
      { file: "FROM scratch\nRUN <<EOF\n# a\\\nEOF\nUSER u", reads: [script("# a\\\n"), USER] },
    ],
  },
  {
    rule: 45,
    says: "several heredocs have their bodies one after the other, behind the whole instruction",
    cases: [
      {
        file: "FROM scratch\nCOPY <<a <<b /x/\nb\na\na\nb\nUSER u",
        reads: [
          written("/x/", { name: "a", body: "b\n", expand: true }, { name: "b", body: "a\n", expand: true }),
          USER,
        ],
      },
      {
        file: "FROM scratch\nRUN cat <<a \\\n && cat <<b\n1\na\n2\nb",
        reads: [
          shell(
            "cat <<a  && cat <<b",
            { name: "a", body: "1\n", expand: true },
            { name: "b", body: "2\n", expand: true },
          ),
        ],
      },
      {
        file: "FROM scratch\nCOPY <<a <<a /x/\n1\na\n2\na",
        reads: [written("/x/", { name: "a", body: "2\n", expand: true }, { name: "a", body: "2\n", expand: true })],
      },
    ],
  },
  {
    rule: 46,
    says: "a heredoc is no target",
    cases: [
      {
        file: "FROM scratch\nCOPY a <<EOF\nEOF",
        refused: "heredoc-target",
        at: "2:8",
        says: "COPY cannot accept a heredoc as a destination",
      },
      {
        file: "FROM scratch\nADD a <<EOF\nEOF",
        refused: "heredoc-target",
        at: "2:7",
        says: "ADD cannot accept a heredoc as a destination",
      },
      {
        file: "FROM scratch\nCOPY b <<a /x/\n1\na",
        reads: [
          { instruction: "COPY", sources: ["b"], files: [{ name: "a", body: "1\n", expand: true }], target: "/x/" },
        ],
      },
    ],
  },
  {
    rule: 47,
    says: "a RUN that is only a heredoc is a script",
    cases: [
      { file: "FROM scratch\nRUN <<EOF\n#!/bin/sh\na\nEOF", reads: [script("#!/bin/sh\na\n")] },
      {
        file: "FROM scratch\nRUN --network=none <<-'EOF'\n\ta\n\t\tb\n\tEOF",
        reads: [{ instruction: "RUN", command: { form: "script", body: "a\nb\n" }, network: "none" }],
      },
      { file: "FROM scratch\nRUN <<a cat\n1\na", reads: [shell("<<a cat", { name: "a", body: "1\n", expand: true })] },
    ],
  },
];
