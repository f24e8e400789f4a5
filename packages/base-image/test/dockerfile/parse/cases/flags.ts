import { copy, env, run, text, variable, type Rule } from "./case.ts";
import type { Instruction } from "../../../../src/dockerfile/instruction.ts";
import type { Mount } from "../../../../src/dockerfile/mount.ts";

function mounted(...mounts: readonly Mount[]): Instruction {
  return { instruction: "RUN", command: { form: "shell", text: "x" }, mounts };
}

/** Flags and mounts. */
export const FLAGS: readonly Rule[] = [
  {
    rule: 37,
    says: "flags are known, stand once, have their value; the first argument and -- end them",
    cases: [
      { file: "FROM scratch\nCOPY --chwn=1 a /b", refused: "unknown-flag", at: "2:6", says: "--chwn", hint: "--chown" },
      { file: "FROM scratch\nENV --x=1 A=1", refused: "unknown-flag", at: "2:5", says: "--x" },
      { file: "FROM --platfrom=x scratch", refused: "unknown-flag", at: "1:6", says: "--platfrom", hint: "--platform" },
      {
        file: "FROM scratch\nCOPY --chown=1 --chown=2 a /b",
        refused: "flag-value",
        at: "2:16",
        says: "duplicate flag specified: --chown",
      },
      {
        file: "FROM scratch\nCOPY --link= a /b",
        refused: "flag-value",
        at: "2:6",
        says: "missing a value on flag: --link",
      },
      {
        file: "FROM scratch\nCOPY --link=no a /b",
        refused: "flag-value",
        at: "2:6",
        says: "expecting boolean value for flag --link, not:",
      },
      {
        file: "FROM scratch\nCOPY --chown a /b",
        refused: "flag-value",
        at: "2:6",
        says: "missing a value on flag: --chown",
      },
      { file: "FROM scratch\nCOPY --link=TRUE a /b", reads: [{ ...copy(["a"], "/b"), link: true } as never] },
      { file: "FROM scratch\nCOPY --link=False a /b", reads: [copy(["a"], "/b")] },
      { file: "FROM scratch\nRUN -- --mount=x y", reads: [run("--mount=x y")] },
      { file: "FROM scratch\nRUN x --mount=y", reads: [run("x --mount=y")] },
      { file: "FROM scratch\nCOPY -- --from=x /y", reads: [copy(["--from=x"], "/y")] },
      { file: "FROM scratch\nCOPY a --link /b/", reads: [copy(["a", "--link"], "/b/")] },
      {
        file: "FROM scratch\nRUN --network=none -- x",
        reads: [{ instruction: "RUN", command: { form: "shell", text: "x" }, network: "none" }],
      },
      {
        file: "FROM scratch\nRUN --network=NONE x",
        refused: "flag-value",
        at: "2:5",
        says: 'invalid network mode "NONE"',
      },
      {
        file: "FROM scratch\nCOPY --chmod=999 a /b",
        refused: "flag-value",
        at: "2:6",
        says: "invalid chmod parameter",
      },
      {
        file: "FROM scratch\nCOPY --chmod=u=rwX,go+r a /b",
        reads: [{ ...copy(["a"], "/b"), chmod: "u=rwX,go+r" } as never],
      },
      {
        file: "FROM scratch\nADD --keep-git-dir --unpack=false a /b",
        reads: [{ instruction: "ADD", sources: ["a"], target: "/b", keepGitDir: true, unpack: false }],
      },
      {
        file: "FROM scratch\nCOPY --parents --exclude=*.md --exclude=$x a /b",
        reads: [{ ...copy(["a"], "/b"), parents: true, exclude: ["*.md", "$x"] } as never],
        engine: "its frontend is older than --parents and --exclude",
      },
      {
        file: "FROM scratch\nRUN --security=insecure x",
        reads: [{ instruction: "RUN", command: { form: "shell", text: "x" }, security: "insecure" }],
        engine: "its frontend is older than --security",
      },
      {
        file: "FROM scratch\nRUN --device=a.com/b=c,required x",
        reads: [
          {
            instruction: "RUN",
            command: { form: "shell", text: "x" },
            devices: [{ name: "a.com/b=c", required: true }],
          },
        ],
        engine: "its frontend knows devices as experimental",
      },
    ],
  },
  {
    rule: 38,
    says: "values of flags may be quoted; a flag that is not known is an error, not a command",
    cases: [
      { file: "FROM scratch\nCOPY --chown='a b' a /b", reads: [{ ...copy(["a"], "/b"), chown: "a b" } as never] },
      { file: 'FROM scratch\nCOPY "--chown=a" a /b/', reads: [copy(["--chown=a", "a"], "/b/")] },
      { file: 'FROM scratch\nCOPY --"chown"=a b /c', reads: [{ ...copy(["b"], "/c"), chown: "a" } as never] },
      {
        file: String.raw`FROM scratch${"\n"}COPY --chown=a\ b a /b`,
        reads: [{ ...copy(["a"], "/b"), chown: "a b" } as never],
      },
      { file: "FROM scratch\nCOPY --chown=é a /b", reads: [{ ...copy(["a"], "/b"), chown: "Ã©" } as never] },
      {
        file: "FROM scratch\nCOPY --chown=$u:1 a /b",
        reads: [{ ...copy(["a"], "/b"), chown: text(variable("u"), ":1") } as never],
      },
      { file: "FROM scratch\nRUN --foo x", refused: "unknown-flag", at: "2:5", says: "--foo" },
    ],
  },
  {
    rule: 39,
    says: "mounts are CSV of keys and values, which expand; what is wrong is found late, but always",
    cases: [
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x,sharing=locked,id=a,mode=0755,uid=1,gid=2 x",
        reads: [mounted({ type: "cache", target: "/x", id: "a", sharing: "locked", mode: "0755", uid: "1", gid: "2" })],
      },
      {
        file: "FROM scratch\nRUN --mount=type=CACHE,TARGET=/x,sharing=LOCKED x",
        reads: [mounted({ type: "cache", target: "/x", sharing: "locked" })],
      },
      {
        file: "FROM scratch\nRUN --mount=target=/x,rw --mount=dst=/y,src=a,ro x",
        reads: [mounted({ type: "bind", target: "/x", writable: true }, { type: "bind", target: "/y", source: "a" })],
      },
      {
        file: "FROM scratch\nRUN --mount=type=secret,id=a,env=B,required x",
        reads: [mounted({ type: "secret", id: "a", env: "B", required: true })],
      },
      {
        file: "FROM scratch\nRUN --mount=type=secret,target=/t,required=0 x",
        reads: [mounted({ type: "secret", target: "/t" })],
      },
      { file: "FROM scratch\nRUN --mount=type=ssh x", reads: [mounted({ type: "ssh" })] },
      {
        file: "FROM scratch\nRUN --mount=type=tmpfs,target=/x,size=64m x",
        reads: [mounted({ type: "tmpfs", target: "/x", size: "64m" })],
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x,target=/y x",
        reads: [mounted({ type: "cache", target: "/y" })],
      },
      {
        file: "FROM scratch\nARG i\nRUN --mount=type=cache,target=/x,id=$i x",
        reads: [
          { instruction: "ARG", args: [{ name: "i" }] },
          mounted({ type: "cache", target: "/x", id: text(variable("i")) }),
        ],
      },
      {
        file: "FROM scratch\nARG t=ssh\nRUN --mount=type=$t,required x",
        reads: [
          { instruction: "ARG", args: [{ name: "t", value: "ssh" }] },
          mounted({ type: "variable", fields: [{ key: "type", value: text(variable("t")) }, { key: "required" }] }),
        ],
      },
      {
        file: String.raw`FROM scratch${"\n"}RUN --mount=type=cache,\"target=/a,b\" x`,
        reads: [mounted({ type: "cache", target: "/a,b" })],
      },
      {
        file: "FROM scratch\nRUN --mount=type=foo x",
        refused: "mount",
        at: "2:5",
        says: 'unsupported mount type "foo"',
      },
      {
        file: "FROM scratch\nRUN --mount=type=cahce,target=/x x",
        refused: "mount",
        at: "2:5",
        says: "unsupported mount type",
        hint: "cache",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,traget=/x x",
        refused: "mount",
        at: "2:5",
        says: "unexpected key",
        hint: "target",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x,required x",
        refused: "mount",
        at: "2:5",
        says: "unexpected key 'required' for mount type 'cache'",
      },
      {
        file: "FROM scratch\nRUN --mount=required,type=secret,id=x x",
        refused: "mount",
        at: "2:5",
        says: "unexpected key 'required' for mount type 'bind'",
      },
      {
        file: "FROM scratch\nRUN --mount=type=secret,id=a,sharing=locked x",
        refused: "mount",
        at: "2:5",
        says: "secret mount should not define sharing",
      },
      {
        file: "FROM scratch AS b\nFROM scratch\nRUN --mount=type=secret,id=a,from=b x",
        refused: "mount",
        at: "3:5",
        says: "secret mount should not have a from",
      },
      {
        file: "FROM scratch\nRUN --mount=type=secret,env=A x",
        refused: "mount",
        at: "2:5",
        says: "invalid secret mount. one of source, target required",
      },
      {
        file: "FROM scratch\nRUN --mount=type=secret,id=a,source=b x",
        refused: "mount",
        at: "2:5",
        says: "both source and id can't be set",
      },
      {
        file: "FROM scratch\nRUN --mount=target=/x,mode=1 x",
        refused: "mount",
        at: "2:5",
        says: 'mode not allowed for "bind" type mounts',
      },
      {
        file: "FROM scratch\nRUN --mount=target=/x,sharing=locked x",
        refused: "mount",
        at: "2:5",
        says: "invalid cache sharing set for bind mount",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x,size=1 x",
        refused: "mount",
        at: "2:5",
        says: "unexpected key 'size' for mount type 'cache'",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x,mode=9 x",
        refused: "mount",
        at: "2:5",
        says: "invalid value",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x,uid=a x",
        refused: "mount",
        at: "2:5",
        says: "invalid value",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x,ro=maybe x",
        refused: "mount",
        at: "2:5",
        says: "invalid value for ro:",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/x, x",
        refused: "mount",
        at: "2:5",
        says: "must be a key=value pair",
      },
      { file: "FROM scratch\nRUN --mount= x", refused: "mount", at: "2:5", says: "failed to parse csv mounts: EOF" },
      {
        file: String.raw`FROM scratch${"\n"}RUN --mount=type=cache,tar\"get=/x x`,
        refused: "mount",
        at: "2:5",
        says: 'parse error on line 1, column 15: bare " in non-quoted-field',
      },
      {
        file: "FROM scratch\nRUN --mount=from=$a,target=/x x",
        refused: "mount",
        at: "2:5",
        says: "'from' doesn't support variable expansion, define alias stage instead",
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=/ x",
        refused: "mount",
        at: "2:5",
        says: 'invalid mount target "/"',
      },
      {
        file: "FROM scratch\nRUN --mount=type=cache,target=${x x",
        refused: "substitution",
        at: "2:5",
        says: "unsupported modifier",
      },
      { file: "FROM scratch\nENV A=1", reads: [env({ A: "1" })] },
    ],
  },
];
