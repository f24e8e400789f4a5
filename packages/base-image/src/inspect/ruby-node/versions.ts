import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, shell, SUCCESS, type Assertion, type Expectation } from "../assertion.ts";

/** What is in the image is what the definition says, and it is found first. */
export function versionAssertions({ ruby, node, manager, bundler }: RubyNodeRecipe): readonly Assertion[] {
  return [
    command(`ruby is ${ruby}`, ["ruby", "-e", "print RUBY_VERSION"], exact(ruby)),
    command(`node is ${node}`, ["node", "--version"], exact(node)),
    command("npm runs", ["npm", "--version"], SUCCESS),
    command("npx runs", ["npx", "--version"], SUCCESS),
    ...(manager === undefined
      ? []
      : [command(`${manager.name} is ${manager.version}`, [manager.name, "--version"], exact(manager.version))]),
    bundler === undefined
      ? command("bundler runs", ["bundle", "--version"], SUCCESS)
      : command(`bundler is ${bundler}`, ["ruby", "-e", loadBundler(bundler)], exact(bundler)),
    shell("the programs of ruby and node are the image's own", PLACES, {
      kind: "text",
      text: "/usr/local/bin/ruby /usr/local/bin/gem /usr/local/bin/node /usr/local/bin/npm",
    }),
  ];
}

const PLACES = "set -- ruby gem node npm; for name; do place=$(command -v $name); printf '%s ' \"$place\"; done";

function exact(version: string): Expectation {
  return { kind: "version", version };
}

function loadBundler(version: string): string {
  return `gem 'bundler', '${version}'; require 'bundler'; print Bundler::VERSION`;
}
