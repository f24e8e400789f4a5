import { APP_DIRECTORY, APP_USER } from "../../recipe/app-user.ts";
import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { shell, SUCCESS, type Assertion, type CommandAssertion, type LifecycleAssertion } from "../assertion.ts";
import { packageInstall } from "./package-install.ts";

const APP = `${APP_USER.uid}:${APP_USER.gid}`;

/** Who it runs as, what that user may do, and what an application under the entry point gets. */
export function behaviourAssertions({ manager }: RubyNodeRecipe, variant: string): readonly Assertion[] {
  const user = variant === "builder" ? "0:0" : APP;
  return [
    shell(`runs as ${user}`, 'printf %s:%s "$(id -u)" "$(id -g)"', { kind: "text", text: user }),
    asApp(
      shell(`user ${APP_USER.name} has a name, a home and ${APP_DIRECTORY}`, OWNS, {
        kind: "text",
        text: `${APP_USER.name} ${APP_DIRECTORY}`,
      }),
    ),
    asApp(shell("user app can bundle install", BUNDLE_INSTALL, SUCCESS)),
    asApp(packageInstall()),
    ...(manager === undefined || manager.name === "npm" ? [] : [asApp(packageInstall(manager))]),
    lifecycle("exit codes pass through", ["sh", "-c", "exit 7"], undefined, 7),
    lifecycle("TERM reaches the application", ["ruby", "-e", TRAPS_TERM], "SIGTERM", 42),
    lifecycle("TERM ends an application without a handler", ["sh", "-c", "echo ready; exec sleep 10"], "SIGTERM", 143),
    lifecycle("orphans leave no zombies", ["ruby", "-e", ORPHANS], undefined, 0),
  ];
}

function asApp(assertion: CommandAssertion): CommandAssertion {
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

const TRAPS_TERM = "trap('TERM') { exit 42 }; $stdout.sync = true; puts 'ready'; sleep 10";

/** Leaves a process behind whose parent is gone, and waits until whoever is PID 1 has taken it over and let it go. */
const ORPHANS = String.raw`
orphan = IO.popen(["sh", "-c", "sleep 0.1 & echo $!"], &:read).to_i
deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 8
while File.exist?("/proc/#{orphan}")
  abort "process #{orphan} is a zombie" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline
  sleep 0.05
end`;

/** Installs a gem from a folder into GEM_HOME, without a network, and loads it. */
const BUNDLE_INSTALL = `cd "$(mktemp -d)"
mkdir -p lib vendor/cache
echo "SLIPWAY_PROBE = true" > lib/slipway_probe.rb
cat > slipway_probe.gemspec <<'GEMSPEC'
Gem::Specification.new do |gem|
  gem.name, gem.version, gem.summary, gem.authors = "slipway_probe", "1.0.0", "Probe", ["Slipway"]
  gem.files = ["lib/slipway_probe.rb"]
end
GEMSPEC
gem build --quiet slipway_probe.gemspec --output vendor/cache/slipway_probe-1.0.0.gem 2>&1
printf 'source "https://gems.example.com"\\ngem "slipway_probe"\\n' > Gemfile
bundle install --local --quiet
bundle exec ruby -rslipway_probe -e 'exit SLIPWAY_PROBE && Gem.loaded_specs["slipway_probe"].full_gem_path.start_with?(ENV["GEM_HOME"])'`;
