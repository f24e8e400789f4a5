import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { shell, SUCCESS, type Assertion } from "../assertion.ts";
import { asApp } from "../lifecycle.ts";
import { packageInstall } from "./package-install.ts";

/** What the application's user can do with ruby and node. */
export function installAssertions({ manager }: RubyNodeRecipe): readonly Assertion[] {
  return [
    asApp(shell("user app can bundle install", BUNDLE_INSTALL, SUCCESS)),
    asApp(packageInstall()),
    ...(manager === undefined || manager.name === "npm" ? [] : [asApp(packageInstall(manager))]),
  ];
}

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
