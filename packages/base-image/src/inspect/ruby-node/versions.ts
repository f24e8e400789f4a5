import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, shell, SUCCESS, type Assertion, type Expectation } from "../assertion.ts";

/** What is in the image is what the definition says, and it is found first. */
export function versionAssertions({ ruby, node, manager, bundler }: RubyNodeRecipe): readonly Assertion[] {
  return [
    command(`ruby is ${ruby}`, ["ruby", "-e", "print RUBY_VERSION"], exact(ruby)),
    command(`node is ${node}`, ["node", "--version"], exact(node)),
    runs("npm", "npm"),
    runs("npx", "npx"),
    ...(manager === undefined
      ? []
      : [command(`${manager.name} is ${manager.version}`, [manager.name, "--version"], exact(manager.version))]),
    bundler === undefined
      ? runs("bundler", "bundle")
      : command(`bundler is ${bundler}`, ["ruby", "-e", loadBundler(bundler)], exact(bundler)),
    shell("the programs of ruby and node are the image's own", PLACES, {
      kind: "text",
      text: "/usr/local/bin/ruby /usr/local/bin/gem /usr/local/bin/node /usr/local/bin/npm",
    }),
  ];
}

const PLACES = "set -- ruby gem node npm; for name; do place=$(command -v $name); printf '%s ' \"$place\"; done";

/** A program says which version it is and nothing more; one that does nothing, or another, ends well too. */
function runs(name: string, program: string): Assertion {
  const script = `found=$(${program} --version); case \${found#Bundler version } in
[0-9]*.[0-9]*.[0-9]*) ;;
*) echo "no version: $found"; exit 1;;
esac`;
  return shell(`${name} runs`, script, SUCCESS);
}

function exact(version: string): Expectation {
  return { kind: "version", version };
}

function loadBundler(version: string): string {
  return `gem 'bundler', '${version}'; require 'bundler'; print Bundler::VERSION`;
}
