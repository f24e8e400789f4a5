import { shell, SILENCE, type Assertion, type ImageConfig } from "../assertion.ts";

/** What an image may have that others may not. */
export interface Allowed {
  readonly compilers: boolean;
  readonly sudo: boolean;
}

/** Nothing in the image that a build leaves behind or that helps an attacker. */
export function hygieneAssertions({ compilers, sudo }: Allowed): readonly Assertion[] {
  return [
    asRoot("no package caches are left", CACHES),
    asRoot("no file runs as another user beyond Debian's own", setuid(sudo ? "|/usr/bin/sudo" : "")),
    asRoot("no folder is open to everybody beyond the known ones", OPEN_FOLDERS),
    asRoot("no key or credential file is left", KEY_FILES),
    {
      kind: "config",
      name: "no secret in the environment or the history",
      read: secretsIn,
      expected: SILENCE,
    },
    {
      kind: "config",
      name: "tini is the entry point",
      read: ({ entrypoint }) => entrypoint.slice(0, 2).join(" "),
      expected: { kind: "text", text: "/usr/bin/tini --" },
    },
    ...(compilers ? [] : [asRoot("no compiler is there", COMPILERS)]),
  ];
}

function asRoot(name: string, script: string): Assertion {
  return { ...shell(name, script, SILENCE), user: "0:0" };
}

const CACHES = String.raw`
find /var/lib/apt/lists /var/cache/apt -type f ! -name lock 2>/dev/null || true
find /root /home /tmp /var/tmp -mindepth 1 -type f ! -name .bashrc ! -name .profile ! -name .bash_logout 2>/dev/null || true
for folder in /root/.npm /root/.cache /usr/local/share/.cache /root/.bundle/cache; do if [ -e "$folder" ]; then echo "$folder"; fi; done
find "$GEM_HOME/cache" -name '*.gem' 2>/dev/null || true
ls -d /var/log/apt /var/log/dpkg.log /var/cache/ldconfig/aux-cache 2>/dev/null || true`;

/** What Debian itself has so, in the packages that every image of it has. */
function setuid(also: string): string {
  return String.raw`
find / -xdev -type f -perm /6000 | grep --invert-match --line-regexp --extended-regexp \
  '(/usr)?/(s?bin)/(chage|chfn|chsh|expiry|gpasswd|mount|newgrp|passwd|su|umount|unix_chkpwd)|/usr/bin/ssh-agent|/usr/lib/openssh/ssh-keysign${also}' || true`;
}

/** GEM_HOME is the official image's own choice: any user may install gems. */
const OPEN_FOLDERS = String.raw`
find / -xdev -type d -perm -0002 | grep --invert-match --line-regexp --extended-regexp "/tmp|/var/tmp|/run/lock|/dev/shm|$GEM_HOME" || true`;

const KEY_FILES = String.raw`
find / -xdev \( -path /proc -o -path /sys -o -path /usr/share -o -path /etc/ssl/certs \) -prune -o -type f \
  \( -name 'id_rsa' -o -name 'id_ed25519' -o -name '.netrc' -o -name '.npmrc' -o -name 'master.key' -o -name '.env' -o -path '*/.aws/credentials' -o -path '*/.docker/config.json' \) -print |
grep --invert-match /node_modules/ || true`;

const COMPILERS = "for name in cc c++ gcc g++ make; do command -v $name || true; done";

const SECRET_NAME =
  /(?:^|_)(?:SECRETS?|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|(?:API|ACCESS|PRIVATE|MASTER)_?KEY)(?:_|$)/;

/** The names of what looks like a secret; never the values. */
function secretsIn({ env, history }: ImageConfig): string {
  const assigned = history.flatMap((step) =>
    [...step.matchAll(/(?<![\w$])([A-Z_][A-Z0-9_]*)=\S/g)].map(([, name = ""]) => name),
  );
  const names = [...env.map((pair) => pair.replace(/=.*/s, "")), ...assigned];
  return [...new Set(names.filter((name) => SECRET_NAME.test(name) && !name.endsWith("_DUMMY")))].join(" ");
}
