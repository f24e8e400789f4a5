import { DATABASES } from "../recipe/databases.ts";
import { APP_USER, rubyNodeLabels } from "../recipe/ruby-node.ts";
import type { RubyNodeRecipe } from "../recipe/ruby-node-options.ts";
import type { Assertion, CommandAssertion, Expectation } from "./assertion.ts";

const APP = `${APP_USER.uid}:${APP_USER.gid}`;

/** What follows from a ruby and node recipe for one of its variants. */
export function rubyNodeAssertions(recipe: RubyNodeRecipe, variant: string): readonly Assertion[] {
  return [
    ...versions(recipe),
    ...libraries(recipe),
    ...behaviour(variant),
    ...(variant === "builder" ? builder(recipe) : []),
    ...recipe.programs.map(programAssertion),
    ...labelAssertions(rubyNodeLabels(recipe, variant)),
  ];
}

/** One assertion for each label. */
export function labelAssertions(labels: Readonly<Record<string, string>>): readonly Assertion[] {
  return Object.entries(labels).map(([label, text]) => ({
    kind: "label",
    name: `label ${label} is ${text}`,
    label,
    expected: { kind: "text", text },
  }));
}

function versions({ ruby, node, manager, bundler }: RubyNodeRecipe): readonly Assertion[] {
  return [
    command(`ruby is ${ruby}`, ["ruby", "-e", "print RUBY_VERSION"], exact(ruby)),
    command(`node is ${node}`, ["node", "--version"], exact(node)),
    command("npm runs", ["npm", "--version"], { kind: "exit", code: 0 }),
    ...(manager === undefined
      ? []
      : [command(`${manager.name} is ${manager.version}`, [manager.name, "--version"], exact(manager.version))]),
    bundler === undefined
      ? command("bundler runs", ["bundle", "--version"], { kind: "exit", code: 0 })
      : command(`bundler is ${bundler}`, ["ruby", "-e", loadBundler(bundler)], exact(bundler)),
  ];
}

function libraries({ databases, jemalloc }: RubyNodeRecipe): readonly Assertion[] {
  const packages = ["tini", "tzdata", ...databases.map((database) => DATABASES[database].runtime)];
  return [
    command("node finds its libraries", ["sh", "-ec", lddIsClean('"$(readlink -f "$(command -v node)")"')], silence),
    command("ruby finds its libraries", ["sh", "-ec", lddIsClean(`"$(ruby -e 'print RbConfig.ruby')"`)], silence),
    ...packages.map((name) =>
      command(`${name} is installed`, ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name], {
        kind: "text",
        text: "installed",
      }),
    ),
    command("time zones are known", ["ruby", "-e", "ENV['TZ'] = 'Asia/Tokyo'; print Time.at(0).hour"], {
      kind: "text",
      text: "9",
    }),
    command(
      `jemalloc is ${jemalloc ? "" : "not "}preloaded`,
      ["ruby", "-e", "print File.read('/proc/self/maps').include?('jemalloc')"],
      {
        kind: "text",
        text: String(jemalloc),
      },
    ),
  ];
}

function behaviour(variant: string): readonly Assertion[] {
  const user = variant === "runtime" ? APP : "0:0";
  return [
    command(`runs as ${user}`, ["sh", "-c", 'printf %s:%s "$(id -u)" "$(id -g)"'], { kind: "text", text: user }),
    { ...command("user app can bundle install", ["sh", "-ec", BUNDLE_INSTALL], { kind: "exit", code: 0 }), user: APP },
    lifecycle("exit codes pass through", ["sh", "-c", "exit 7"], undefined, 7),
    lifecycle("TERM reaches the application", ["ruby", "-e", TRAPS_TERM], "SIGTERM", 42),
    lifecycle("TERM ends an application without a handler", ["sh", "-c", "echo ready; exec sleep 10"], "SIGTERM", 143),
  ];
}

function builder({ databases }: RubyNodeRecipe): readonly Assertion[] {
  const compiles =
    "require 'mkmf'; exit(have_header('ruby.h') && have_header('yaml.h') && have_header('node/node_api.h'))";
  const tools = ["cc", "c++", "make", "git", "pkg-config", "python3"];
  const packages = databases.map((database) => DATABASES[database].headers);
  return [
    command(
      "compiles with the headers of ruby, yaml and node",
      ["sh", "-ec", `cd "$(mktemp -d)"; ruby -e "${compiles}"`],
      {
        kind: "exit",
        code: 0,
      },
    ),
    ...tools.map((tool) => command(`${tool} is there`, ["sh", "-c", `command -v ${tool}`], { kind: "exit", code: 0 })),
    ...packages.map((name) =>
      command(`${name} is installed`, ["dpkg-query", "--show", name], { kind: "exit", code: 0 }),
    ),
  ];
}

function programAssertion(packageName: string): Assertion {
  const name = packageName.split("/").at(-1) ?? packageName;
  return command(`${name} runs`, [name, "--help"], { kind: "exit", code: 0 });
}

function exact(version: string): Expectation {
  return { kind: "version", version };
}

const silence: Expectation = { kind: "text", text: "" };

const TRAPS_TERM = "trap('TERM') { exit 42 }; $stdout.sync = true; puts 'ready'; sleep 10";

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

/** Fails when ldd itself does, so that a missing program is not taken for a clean one. */
function lddIsClean(program: string): string {
  return `libraries="$(ldd ${program})"; echo "$libraries" | grep 'not found' || true`;
}

function loadBundler(version: string): string {
  return `gem 'bundler', '${version}'; require 'bundler'; print Bundler::VERSION`;
}

function command(name: string, words: readonly string[], expected: Expectation): CommandAssertion {
  return { kind: "command", name, command: words, expected };
}

function lifecycle(name: string, words: readonly string[], signal: "SIGTERM" | undefined, code: number): Assertion {
  return { kind: "lifecycle", name, command: words, signal, expected: { kind: "exit", code } };
}
