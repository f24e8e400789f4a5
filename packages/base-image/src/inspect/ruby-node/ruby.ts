import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, type Assertion } from "../assertion.ts";

/** How ruby takes its memory and compiles. */
export function rubyAssertions({ jemalloc, mallocArenaMax, yjit }: RubyNodeRecipe): readonly Assertion[] {
  return [
    command(
      `jemalloc is ${jemalloc ? "" : "not "}preloaded`,
      ["ruby", "-e", "print File.read('/proc/self/maps').include?('jemalloc')"],
      { kind: "text", text: String(jemalloc) },
    ),
    ...(mallocArenaMax === undefined ? [] : [arenasAre(mallocArenaMax)]),
    ...(yjit ? [command("YJIT is on", ["ruby", "-e", YJIT], { kind: "text", text: "true" })] : []),
  ];
}

/** A ruby that was built without it has no such constant. */
const YJIT = "print defined?(RubyVM::YJIT) ? RubyVM::YJIT.enabled? : 'this ruby was built without YJIT'";

function arenasAre(most: number): Assertion {
  return {
    kind: "config",
    name: `malloc has at most ${most} arenas`,
    read: ({ env }) => env.find((pair) => pair.startsWith("MALLOC_ARENA_MAX=")) ?? "MALLOC_ARENA_MAX is not set",
    expected: { kind: "text", text: `MALLOC_ARENA_MAX=${most}` },
  };
}
