/**
 * How Chromium is started, beside Puppeteer's own switches for headless use.
 *
 * `--no-sandbox`: the sandbox needs user namespaces, SYS_ADMIN or a setuid helper. Fargate gives a task none of them, and the
 * read-only container of a user without rights no other. What stands in its place is the container: see the README.
 */
export const FLAGS: readonly string[] = [
  "--no-sandbox",
  // without a sandbox there is nothing to fork from, and every process is the browser's own child
  "--no-zygote",
  // /dev/shm has 64 MB and cannot be made larger on Fargate
  "--disable-dev-shm-usage",
  // a page's network is its job's proxy; what belongs to no job finds a port where nobody listens
  "--proxy-server=http://127.0.0.1:1",
  "--proxy-bypass-list=<-loopback>",
  // the browser itself knows no name and no address but the proxies'
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
  "--dns-prefetch-disable",
  "--disable-quic",
  // peers are reached through the proxy or not at all
  "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
  "--deny-permission-prompts",
  "--font-render-hinting=none",
];

/** What a browser gets of the service's environment: no variable that might be a secret. */
const PASSED_ON = ["FONTCONFIG_FILE", "FONTCONFIG_PATH", "LANG", "LANGUAGE", "LC_ALL", "PATH", "TZ"];

/** The environment of a browser whose files all go to its profile folder. */
export function browserEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  profile: string,
): Record<string, string> {
  const kept = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return {
    ...Object.fromEntries(kept),
    HOME: profile,
    TMPDIR: profile,
    XDG_CACHE_HOME: profile,
    XDG_CONFIG_HOME: profile,
  };
}
