import { from } from "../../src/stage/base.ts";
import type { Stage } from "../../src/stage/stage.ts";

/** A fault in words, what brings it into an image, and the assertions that must find it. */
export type Fault = readonly [string, (so: Stage) => Stage, readonly string[]];

/** Takes a file out of one of ruby's folders, by the folder's name in RbConfig. */
const withoutRuby = (folder: string, file: string): string =>
  `rm -r "$(ruby -e 'print RbConfig::CONFIG[%q(${folder})]')/${file}"`;

/** One fault for each thing that goes wrong with such images; root is the user unless the fault says other. */
export const FAULTS: readonly Fault[] = [
  [
    "another node",
    (so) => so.copy("/usr/local/bin/node", "/usr/local/bin/node", { from: from("node:22-trixie-slim") }),
    ["node is 24"],
  ],
  ["another ruby", (so) => so.write("/usr/local/bin/ruby", "#!/bin/sh\necho 3.2.1\n"), ["ruby is 3.3"]],
  [
    "another yarn",
    (so) => so.write("/usr/local/bin/yarn", "#!/bin/sh\necho 1.22.19\n", { chmod: "0755" }),
    ["yarn is 1.22.22"],
  ],
  [
    "a yarn whose link leads nowhere",
    (so) => so.run("ln -sf /opt/absent/yarn /usr/local/bin/yarn"),
    ["yarn is 1.22.22", "user app can yarn install"],
  ],
  ["an npx that does nothing", (so) => so.run("ln -sf /bin/true /usr/local/bin/npx"), ["npx runs"]],
  ["an npx whose link leads nowhere", (so) => so.run("ln -sf /absent /usr/local/bin/npx"), ["npx runs"]],
  [
    "an npm without its modules",
    (so) => so.run("rm -r /usr/local/lib/node_modules/npm/node_modules"),
    ["npm runs", "user app can npm install"],
  ],
  [
    "no bundler",
    (so) => so.run(`rm "$(ruby -rbundler -e 'print $LOADED_FEATURES.grep(/bundler.rb$/).first')"`),
    ["bundler is 2.5.22"],
  ],
  [
    "a ruby before the image's own",
    (so) => so.run("ln -s /usr/local/bin/ruby /usr/local/sbin/ruby"),
    ["the programs of ruby and node are the image's own"],
  ],
  [
    "a library that ruby lacks",
    (so) => so.run("rm -f /usr/lib/*/libgmp.so.10*"),
    ["ruby is 3.3", "ruby finds its libraries", "every program and library finds its libraries"],
  ],
  [
    "a library that only another library needs",
    (so) => so.run("rm -f /usr/lib/*/libsasl2.so.2*"),
    ["every program and library finds its libraries"],
  ],
  ["a package that is gone", (so) => so.run("dpkg --purge --force-depends libpq5"), ["libpq5 is installed"]],
  ["no time zones", (so) => so.run("rm -r /usr/share/zoneinfo"), ["time zones are known"]],
  [
    "a ruby without OpenSSL",
    (so) => so.run(withoutRuby("archdir", "openssl.so")),
    ["ruby loads OpenSSL, zlib, YAML and readline"],
  ],
  ["a ruby without one of its gems", (so) => so.run(withoutRuby("rubylibdir", "abbrev.rb")), ["ruby's own gems load"]],
  ["another language", (so) => so.env({ LANG: "C" }), ["text is UTF-8"]],
  ["no jemalloc", (so) => so.env({ LD_PRELOAD: "" }), ["jemalloc is preloaded"]],
  [
    "gems that only root may install",
    (so) => so.run('chmod -R go-w "$GEM_HOME" && chown -R 0:0 "$GEM_HOME"'),
    ["user app can bundle install"],
  ],
  ["root as its user", (so) => so, ["runs as 1000:1000"]],
  ["a user without a name", (so) => so.run("userdel app"), ["user app has a name, a home and /app"]],
  ["a folder that is root's", (so) => so.run("chown 0:0 /app"), ["user app has a name, a home and /app"]],
  ["a label that is not so", (so) => so.user("1000").label({ "slipway.node": "22" }), ["label slipway.node is 24"]],
  [
    "an entry point that swallows TERM and exit codes",
    (so) => so.user("1000").entrypoint(["/bin/sh", "-c", 'trap "" TERM; "$@"; exit 0', "sh"]),
    [
      "exit codes pass through",
      "TERM reaches the application",
      "TERM ends an application without a handler",
      "tini is the entry point",
    ],
  ],
  [
    "no entry point",
    (so) => so.user("1000").entrypoint([]),
    ["tini is the entry point", "TERM ends an application without a handler", "orphans leave no zombies"],
  ],
  [
    "certificates that node does not read",
    (so) => so.env({ NODE_EXTRA_CA_CERTS: "/absent.crt" }),
    ["ruby and node believe the system's certificates"],
  ],
  [
    "no store of certificates",
    (so) => so.run("rm /etc/ssl/certs/ca-certificates.crt"),
    ["ruby and node believe the system's certificates"],
  ],
  [
    "package lists that were left",
    (so) => so.write("/var/lib/apt/lists/x_Packages", "x"),
    ["no package caches are left"],
  ],
  ["an npm cache that was left", (so) => so.write("/root/.npm/_cacache/index", "x"), ["no package caches are left"]],
  ["a setuid program", (so) => so.run("chmod u+s /usr/bin/find"), ["no file runs as another user beyond Debian's own"]],
  [
    "a package manager that only root may read",
    (so) => so.run("chmod -R go-rwx /opt/yarn-v1.22.22"),
    ["user app can yarn install"],
  ],
  [
    "an npm cache in the home of its user",
    (so) => so.write("/home/app/.npm/_cacache/index", "x"),
    ["no package caches are left"],
  ],
  [
    "a folder open to everybody",
    (so) => so.run("mkdir -m 0777 /opt/open"),
    ["no folder is open to everybody beyond the known ones"],
  ],
  ["a credential file", (so) => so.write("/app/.netrc", "machine x"), ["no key or credential file is left"]],
  [
    "a secret in the environment",
    (so) => so.env({ DEPLOY_TOKEN: "abc" }),
    ["no secret in the environment or the history"],
  ],
  ["a secret in the history", (so) => so.run("DB_PASSWORD=abc true"), ["no secret in the environment or the history"]],
  ["a compiler", (so) => so.write("/usr/bin/cc", "#!/bin/sh\n", { chmod: "0755" }), ["no compiler is there"]],
];

/** Faults of a builder. */
export const BUILDER_FAULTS: readonly Fault[] = [
  [
    "no headers of node",
    (so) => so.run("rm -r /usr/local/include/node"),
    ["a node addon compiles without a download and loads"],
  ],
  ["no headers of ruby", (so) => so.run(withoutRuby("rubyhdrdir", "ruby.h")), ["a native gem compiles and loads"]],
  ["no headers of PostgreSQL", (so) => so.run("dpkg --purge --force-depends libpq-dev"), ["libpq-dev is installed"]],
];

/** Faults of a `pdf` variant with node, a time zone and a locale. */
export const PDF_FAULTS: readonly Fault[] = [
  [
    "a browser without its data",
    (so) => so.run("rm /usr/lib/chromium/icudtl.dat"),
    ["a page is printed with IPAexGothic and IPAexMincho", "chromium has its data"],
  ],
  [
    "a browser without one of its libraries",
    (so) => so.run("rm /usr/lib/*/libgbm.so.1*"),
    ["a page is printed with IPAexGothic and IPAexMincho", "chromium finds its libraries", "chromium starts"],
  ],
  [
    "no font",
    (so) => so.run("rm -r /usr/share/fonts/opentype/ipaexfont-mincho && fc-cache --system-only --force"),
    ["a page is printed with IPAexGothic and IPAexMincho", "serif is IPAexMincho", "the font cache is ready"],
  ],
  [
    "another choice of fonts",
    (so) => so.run("sed -i 's/IPAexGothic/DejaVu Sans/' /etc/fonts/local.conf"),
    ["sans-serif is IPAexGothic"],
  ],
  ["no cache of the fonts", (so) => so.run("rm /var/cache/fontconfig/*"), ["the font cache is ready"]],
  ["another time zone", (so) => so.env({ TZ: "UTC" }), ["time zone is Asia/Tokyo"]],
  [
    "a time zone for some programs only",
    (so) => so.run("ln -sf /usr/share/zoneinfo/UTC /etc/localtime"),
    ["time zone is Asia/Tokyo"],
  ],
  ["another locale", (so) => so.env({ LANG: "C" }), ["locale is ja_JP.UTF-8"]],
  ["a locale that is not there", (so) => so.run("rm -r /usr/lib/locale/ja_JP.utf8"), ["locale is ja_JP.UTF-8"]],
  [
    "another node",
    (so) => so.copy("/usr/local/bin/node", "/usr/local/bin/node", { from: from("node:22-trixie-slim") }),
    ["node is 24"],
  ],
];
