import { DATABASES } from "../../recipe/databases.ts";
import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, shell, SILENCE, type Assertion } from "../assertion.ts";

/** Every program finds its libraries, and ruby and node can do what applications need of them. */
export function libraryAssertions({ databases }: RubyNodeRecipe): readonly Assertion[] {
  const packages = ["tini", "tzdata", "ca-certificates", ...databases.map((database) => DATABASES[database].runtime)];
  return [
    shell("node finds its libraries", lddIsClean('"$(readlink -f "$(command -v node)")"'), SILENCE),
    shell("ruby finds its libraries", lddIsClean(`"$(ruby -e 'print RbConfig.ruby')"`), SILENCE),
    { ...command("every program and library finds its libraries", ["ruby", "-e", ALL_LINKED], SILENCE), user: "0:0" },
    ...packages.map((name) =>
      command(`${name} is installed`, ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name], {
        kind: "text",
        text: "installed",
      }),
    ),
    command("ruby loads OpenSSL, zlib, YAML and readline", ["ruby", "-e", LOADS], SILENCE),
    command("ruby's own gems load", ["ruby", "-e", OWN_GEMS], SILENCE),
    command("text is UTF-8", ["ruby", "-e", UTF8], { kind: "text", text: "UTF-8 UTF-8 日本" }),
    command(
      "node knows languages",
      ["node", "-p", "new Date(0).toLocaleDateString('ja-JP-u-ca-japanese', { timeZone: 'UTC' })"],
      {
        kind: "text",
        text: "S45/1/1",
      },
    ),
    command("time zones are known", ["ruby", "-e", "ENV['TZ'] = 'Asia/Tokyo'; print Time.at(0).hour"], {
      kind: "text",
      text: "9",
    }),
  ];
}

const LOADS =
  "require 'openssl'; require 'zlib'; require 'yaml'; require 'readline'; YAML.load('a: 1'); Zlib.crc32('a')";

const UTF8 = String.raw`print Encoding.default_external, ' ', ''.encoding, ' ', "\u65e5\u672c"`;

/** A gem loads by its name or by the path its name stands for; those that are only data or a program have neither. */
const OWN_GEMS = String.raw`
ONLY_DATA = %w[english rinda]
Gem::Specification.stubs.select(&:default_gem?).map(&:name).sort.-(ONLY_DATA).each do |name|
  loads = [name, name.tr("-", "/")].any? do |path|
    require path
    true
  rescue LoadError
    false
  end
  puts name unless loads
end`;

/** Asks the loader itself, by the variable that ldd sets: ldd is a script that starts it several times for every file. */
const ALL_LINKED = String.raw`
loader = Dir["/lib64/ld-linux-*.so.*", "/lib/ld-linux-*.so.*"].first
found = ["-type", "f", "(", "-perm", "/111", "-o", "-name", "*.so", "-o", "-name", "*.so.*", "-o", "-name", "*.node", ")"]
IO.popen(["find", "/", "-xdev", "-path", "/tmp", "-prune", "-o", *found, "-print0"], &:read).split("\0").each do |file|
  next unless File.binread(file, 4) == "\x7FELF".b
  IO.popen([{ "LD_TRACE_LOADED_OBJECTS" => "1" }, loader, file, err: File::NULL], &:readlines).grep(/not found/) { |line| puts "#{file}: #{line.strip}" }
end`;

/** Fails when ldd itself does, so that a missing program is not taken for a clean one. */
function lddIsClean(program: string): string {
  return `libraries="$(ldd ${program})"; echo "$libraries" | grep 'not found' || true`;
}
