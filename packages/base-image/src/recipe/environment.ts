import type { Stage } from "../stage/stage.ts";
import type { RubyNodeRecipe } from "./ruby-node-options.ts";

/** Variables that decide how ruby takes its memory and compiles. */
export function rubyEnvironment({ jemalloc, mallocArenaMax, yjit }: RubyNodeRecipe): (so: Stage) => Stage {
  const variables = {
    ...(jemalloc ? { LD_PRELOAD: "libjemalloc.so.2" } : {}),
    ...(mallocArenaMax === undefined ? {} : { MALLOC_ARENA_MAX: String(mallocArenaMax) }),
    ...(yjit ? { RUBY_YJIT_ENABLE: "1" } : {}),
  };
  return (so) => (Object.keys(variables).length === 0 ? so : so.env(variables));
}

/** Sets the time zone for programs with the environment and for those without it. */
export function setTimeZone(zone: string | undefined): (so: Stage) => Stage {
  if (zone === undefined) return (so) => so;
  const file = `/usr/share/zoneinfo/${zone}`;
  return (so) => so.run(`test -f ${file} && ln -sf ${file} /etc/localtime`).env({ TZ: zone });
}
