/** Arguments that BuildKit sets by itself before the first FROM; a stage sees them once it declares them. */
export const PLATFORM_ARGS: ReadonlySet<string> = new Set(
  ["BUILD", "TARGET"].flatMap((side) => ["PLATFORM", "OS", "ARCH", "VARIANT"].map((part) => `${side}${part}`)),
);

/** What the engine, a shell or a proxy gives without being declared. @see https://docs.docker.com/reference/dockerfile/#predefined-args */
export const ALWAYS_THERE: ReadonlySet<string> = new Set(
  ["PATH", "HOME", "HOSTNAME", "LANG", "LC_ALL", "USER", "PWD", "TERM", "SOURCE_DATE_EPOCH"].concat(
    ["HTTP", "HTTPS", "FTP", "NO", "ALL"].flatMap((each) => [`${each}_PROXY`, `${each.toLowerCase()}_proxy`]),
  ),
);
