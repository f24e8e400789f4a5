import { APP_DIRECTORY, APP_USER } from "../recipe/app-user.ts";
import { shell, type Assertion, type CommandAssertion, type LifecycleAssertion } from "./assertion.ts";

const APP = `${APP_USER.uid}:${APP_USER.gid}`;

/** Who an image runs as, and what an application under its entry point gets. They need nothing but Debian's own programs. */
export function lifecycleAssertions(user: "app" | "root"): readonly Assertion[] {
  const ids = user === "root" ? "0:0" : APP;
  return [
    shell(`runs as ${ids}`, 'printf %s:%s "$(id -u)" "$(id -g)"', { kind: "text", text: ids }),
    asApp(
      shell(`user ${APP_USER.name} has a name, a home and ${APP_DIRECTORY}`, OWNS, {
        kind: "text",
        text: `${APP_USER.name} ${APP_DIRECTORY}`,
      }),
    ),
    lifecycle("exit codes pass through", ["sh", "-c", "exit 7"], undefined, 7),
    lifecycle("TERM reaches the application", ["sh", "-c", TRAPS_TERM], "SIGTERM", 42),
    lifecycle("TERM ends an application without a handler", ["sh", "-c", "echo ready; exec sleep 10"], "SIGTERM", 143),
    lifecycle("orphans leave no zombies", ["perl", "-e", ORPHANS], undefined, 0),
  ];
}

/** The same as the application's user. */
export function asApp(assertion: CommandAssertion): CommandAssertion {
  return { ...assertion, user: APP };
}

function lifecycle(
  name: string,
  words: readonly string[],
  signal: "SIGTERM" | undefined,
  code: number,
): LifecycleAssertion {
  return { kind: "lifecycle", name, command: words, signal, expected: { kind: "exit", code } };
}

const OWNS = `test -w "$HOME"; test -w ${APP_DIRECTORY}; printf '%s %s' "$(id -un)" ${APP_DIRECTORY}`;

const TRAPS_TERM = "trap 'exit 42' TERM; echo ready; sleep 10 & wait";

/**
 * Leaves a process behind whose parent is gone, and waits until whoever is PID 1 has taken it over and let it go. In perl,
 * which every Debian has: a shell that is PID 1 itself would let it go.
 */
const ORPHANS = String.raw`
chomp(my $orphan = qx(sh -c 'sleep 0.1 > /dev/null & echo \$!'));
for (1 .. 160) {
  exit 0 unless -e "/proc/$orphan";
  select undef, undef, undef, 0.05;
}
print "process $orphan is a zombie\n";
exit 1;`;
