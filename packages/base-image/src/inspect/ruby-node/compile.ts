import { DATABASES } from "../../recipe/databases.ts";
import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, shell, SUCCESS, type Assertion, type PairAssertion } from "../assertion.ts";

/** A builder can make everything that an application compiles. */
export function builderAssertions({ databases }: RubyNodeRecipe): readonly Assertion[] {
  const tools = ["cc", "c++", "make", "git", "pkg-config", "python3"];
  const packages = databases.map((database) => DATABASES[database].headers);
  return [
    ...tools.map((tool) => command(`${tool} is there`, ["sh", "-c", `command -v ${tool}`], SUCCESS)),
    ...packages.map((name) => command(`${name} is installed`, ["dpkg-query", "--show", name], SUCCESS)),
    shell("a native gem compiles and loads", `${GEM}${LOAD_GEM}`, { kind: "text", text: "42" }),
    shell("a node addon compiles without a download and loads", `${ADDON}${LOAD_ADDON}`, { kind: "text", text: "42" }),
  ];
}

/** What a builder compiles loads in the variant that goes with it. */
export function pairAssertions(): readonly PairAssertion[] {
  return [
    pair("a native gem compiled in the builder loads", `${GEM}strip probe.so; ${PRINT}`, LOAD_GEM),
    pair("a node addon compiled in the builder loads", `${ADDON}strip build/Release/probe.node; ${PRINT}`, LOAD_ADDON),
  ];
}

function pair(name: string, make: string, use: string): PairAssertion {
  const unpacked = `cd "$(mktemp -d)"; echo "$1" | base64 -d | tar -xz; ${use}`;
  return {
    kind: "pair",
    name,
    make: ["sh", "-ec", make],
    use: ["sh", "-ec", unpacked, "sh"],
    expected: { kind: "text", text: "42" },
  };
}

const PRINT = "tar -cz probe.so build/Release/probe.node 2>/dev/null | base64 -w 0";

const LOAD_GEM = `ruby -I. -e 'require "probe"; print probe'`;

const LOAD_ADDON = "node -p 'require(\"./build/Release/probe.node\").probe'";

const GEM = String.raw`cd "$(mktemp -d)"
cat > probe.c <<'C'
#include <ruby.h>
static VALUE probe(VALUE self) { return INT2NUM(42); }
void Init_probe(void) { rb_define_global_function("probe", probe, 0); }
C
echo 'require "mkmf"; abort "no yaml.h" unless have_header("yaml.h"); create_makefile("probe")' > extconf.rb
{ ruby extconf.rb && make; } > log 2>&1 || { cat log; exit 1; }
`;

/** node-gyp comes with npm; NODE headers that are not there would make it look for them on the network. */
const ADDON = String.raw`cd "$(mktemp -d)"
cat > probe.c <<'C'
#include <node_api.h>
NAPI_MODULE_INIT() {
  napi_value number;
  napi_create_int32(env, 42, &number);
  napi_set_named_property(env, exports, "probe", number);
  return exports;
}
C
echo '{"targets":[{"target_name":"probe","sources":["probe.c"]}]}' > binding.gyp
gyp=/usr/local/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js
node "$gyp" rebuild > log 2>&1 || { cat log; exit 1; }
`;
