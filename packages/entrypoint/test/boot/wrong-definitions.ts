export const ENV = { DATABASE_URL: "postgres://app:s3cret@db:5432/app", EMPTY: "", PATHLIKE: "nothing" };
export const MIGRATE = { task: "migrate", run: ["bin/rails", "db:migrate"], election: "${DATABASE_URL}" };
export const WAIT = { task: "wait-for", url: "tcp://db:5432" };

export function tasks(...list: readonly unknown[]): object {
  return { tasks: list };
}

/** A definition, and what its message must hold: the path, and what is expected or meant. */
export const WRONG: readonly (readonly [string, unknown, readonly string[]])[] = [
  ["a list", [], ["the definition: an empty list, expected an object"]],
  ["a text", "run", ['the definition: "run", expected an object']],
  ["null", null, ["the definition: null, expected an object"]],
  ["an unknown key", { taks: [] }, ["taks: there is no such key: did you mean tasks?"]],
  [
    "a far key",
    { frobnicate: 1, tasks: [] },
    ["frobnicate: there is no such key: expected one of $schema, tasks, processes, receipt"],
  ],
  ["tasks that are null", { tasks: null }, ["tasks: null, expected a list of tasks"]],
  ["tasks as an object", { tasks: {} }, ["tasks: an object, expected a list"]],
  ["a receipt that is a number", { receipt: 1, tasks: [] }, ["receipt: 1, expected a text"]],
  ["an empty receipt", { receipt: "", tasks: [] }, ['receipt: "", expected a text']],
  ["a task that is a text", tasks("migrate"), ['tasks[0]: "migrate", expected an object']],
  ["a task without its name", tasks({ run: ["x"] }), ["tasks[0].task: missing, expected one of wait-for"]],
  [
    "a misspelt task",
    tasks(WAIT, { task: "migrat" }),
    ['tasks[1].task: there is no task "migrat": did you mean migrate?'],
  ],
  [
    "a task named after Object's own",
    tasks({ task: "constructor" }),
    ['there is no task "constructor": expected one of'],
  ],
  [
    "a misspelt key",
    tasks({ ...WAIT, deadlin: "1s" }),
    ["tasks[0].deadlin: there is no such key: did you mean deadline?"],
  ],
  ["a key of another task", tasks({ ...WAIT, election: "x" }), ["tasks[0].election: there is no such key"]],
  ["no url", tasks({ task: "wait-for" }), ["tasks[0].url: missing, expected a URL"]],
  ["a url that is none", tasks({ task: "wait-for", url: "db:5432:x y" }), ["tasks[0].url: "]],
  [
    "a scheme nobody knows",
    tasks({ task: "wait-for", url: "htpp://app/" }),
    ["tasks[0].url: scheme htpp://: did you mean http://?"],
  ],
  [
    "tcp without a port",
    tasks({ task: "wait-for", url: "tcp://db" }),
    ["tasks[0].url: tcp:// needs a host and a port"],
  ],
  ["file with a host", tasks({ task: "wait-for", url: "file://tmp/x" }), ["tasks[0].url: file:// needs three slashes"]],
  ["a duration without a unit", tasks({ ...WAIT, deadline: "60" }), ['tasks[0].deadline: "60", expected a duration']],
  ["a duration that is a number", tasks({ ...WAIT, deadline: 60 }), ["tasks[0].deadline: 60, expected a duration"]],
  ["a duration of nothing", tasks({ ...WAIT, deadline: "0s" }), ['tasks[0].deadline: "0s", expected a duration']],
  ["a duration no timer takes", tasks({ ...WAIT, deadline: "9999h" }), ['tasks[0].deadline: "9999h"']],
  ["a duration that is null", tasks({ ...WAIT, deadline: null }), ["tasks[0].deadline: null, expected a duration"]],
  [
    "a command as a text",
    tasks({ ...MIGRATE, run: "bin/rails db:migrate" }),
    ["tasks[0].run: ", "expected a list of words"],
  ],
  ["an empty command", tasks({ ...MIGRATE, run: [] }), ["tasks[0].run: an empty list, expected a list of words"]],
  ["a number in a command", tasks({ ...MIGRATE, run: ["sleep", 1] }), ["tasks[0].run[1]: 1, expected a text"]],
  ...["file:///a%zz", "file:///a%2Fb"].flatMap((url) => [
    [`the wait for ${url}`, tasks({ task: "wait-for", url }), ["tasks[0].url: not a path"]] as const,
    [`an election at ${url}`, tasks({ ...MIGRATE, election: url }), ["tasks[0].election: not a path"]] as const,
  ]),
  ...(
    [
      ["app:1/2@db/shop", "an @ stands after the host"],
      ["app:1?2@db/shop", "an @ stands after the host"],
      ["app:1#2@db/shop", "an @ stands after the host"],
      ["app:%ff@db/shop", "a % is not an encoded character"],
      ["db/shop?sslmode=required", "sslmode is none of disable, allow"],
      ["db/shop?port=99999", "port is not a number up to 65535"],
      ["db,other/shop", "host names several, which are not tried in turn"],
      ["/shop?host=db,other", "host names several, which are not tried in turn"],
      ["db/shop?channel_binding=required", "channel_binding is none of disable, prefer, require"],
      ["db/shop?target_session_attrs=read-write", "target_session_attrs asks for what is not held to here"],
      ["db/shop?passfile=/etc/pgpass", "passfile asks for what is not held to here"],
    ] as const
  ).map(
    ([rest, said]) =>
      [
        `a database at ${rest}`,
        tasks({ ...MIGRATE, election: `postgres://${rest}` }),
        [`tasks[0].election: ${said}`],
      ] as const,
  ),
  ["a lease too short to beat in", tasks({ ...MIGRATE, lease: "500ms" }), ["tasks[0].lease: ", "from 1s to 60s"]],
  [
    "a word for missing databases",
    tasks({ ...WAIT, missing: "acept" }),
    ['tasks[0].missing: "acept": did you mean accept?'],
  ],
  ["a mode nobody has", { mode: "wep", tasks: [] }, ['mode: "wep": did you mean web?']],
  [
    "a task for a mode nobody has",
    tasks({ ...WAIT, for: ["web", "wroker"] }),
    ['tasks[0].for[1]: "wroker": did you mean worker?'],
  ],
  ["a task for nothing", tasks({ ...WAIT, for: [] }), ["tasks[0].for: an empty list, expected a list of web, worker"]],
  ["a task for a text", tasks({ ...WAIT, for: "web" }), ['tasks[0].for: "web", expected a list']],
  ["a way to migrate nobody knows", tasks({ ...MIGRATE, mode: "wiat" }), ['tasks[0].mode: "wiat": did you mean wait?']],
  [
    "a word for newer schemas",
    tasks({ ...MIGRATE, newer: "refus" }),
    ['tasks[0].newer: "refus": did you mean refuse?'],
  ],
  ["folders as a text", tasks({ ...MIGRATE, paths: "db/migrate" }), ['tasks[0].paths: "db/migrate", expected a list']],
  ["a database that is a file", tasks({ ...MIGRATE, database: "file:///x" }), ["tasks[0].database: scheme file://"]],
  [
    "a bucket with a capital",
    tasks({ ...MIGRATE, election: "s3://Bucket_x/p" }),
    ["tasks[0].election: s3:// needs the name of a bucket"],
  ],
  [
    "a word s3 does not take",
    tasks({ ...MIGRATE, election: "s3://bucket/p?regoin=x" }),
    ['tasks[0].election: there is no "regoin" for s3://'],
  ],
  ["a lease too long", tasks({ ...MIGRATE, lease: "2m" }), ["tasks[0].lease: ", "from 1s to 60s"]],
  ["no election", tasks({ task: "migrate", run: ["x"] }), ["tasks[0].election: missing, expected a URL"]],
  ["an election by http", tasks({ ...MIGRATE, election: "http://x/" }), ["tasks[0].election: scheme http://"]],
  ["tries of none", tasks({ ...MIGRATE, tries: 0 }), ["tasks[0].tries: 0, expected a whole number from 1 to 100"]],
  ["tries of a half", tasks({ ...MIGRATE, tries: 1.5 }), ["tasks[0].tries: 1.5, expected a whole number"]],
  [
    "two elections of one name",
    tasks(MIGRATE, WAIT, MIGRATE),
    ['tasks[2].name: "migrate" is the name of tasks[0] too'],
  ],
  [
    "assets without a receipt",
    tasks({ task: "verify-assets" }),
    ["tasks[0].receipt: missing, and the definition names no receipt"],
  ],
  [
    "an unset variable",
    tasks({ ...WAIT, url: "${DATABASE_ULR}" }),
    ["tasks[0].url: ", "DATABASE_ULR is not set; did you mean DATABASE_URL?"],
  ],
  [
    "an operator",
    tasks({ ...WAIT, url: "${DATABASE_URL:-x}" }),
    ["tasks[0].url: the ${…} at character 1 does not name a variable"],
  ],
  [
    "a variable that is empty",
    tasks({ ...WAIT, url: "${EMPTY}" }),
    ["tasks[0].url: the value of ${EMPTY} is empty, expected a URL"],
  ],
  [
    "a variable that is no url",
    tasks({ ...WAIT, url: "${PATHLIKE}" }),
    ["tasks[0].url: the value of ${PATHLIKE} is wrong: not a URL"],
  ],
  ["a budget without a unit", { budget: "60", tasks: [] }, ['budget: "60", expected a duration']],
  ["a budget of nothing", { budget: "0s", tasks: [] }, ['budget: "0s", expected a duration']],
  ...refusedOrders(),
  ...refusedRuns(),
];

/** Of tasks that come after others. */
function refusedOrders(): typeof WRONG {
  const [a, b, c] = ["a", "b", "c"].map((name) => ({ task: "run", run: ["true"], name }));
  const beside = { ...a, background: true };
  return [
    ["after a text", tasks({ ...WAIT, after: "migrate" }), ['tasks[0].after: "migrate", expected a list of names']],
    ["after nothing", tasks({ ...WAIT, after: [] }), ["tasks[0].after: an empty list, expected a list of names"]],
    ["after a number", tasks({ ...WAIT, after: [1] }), ["tasks[0].after[0]: 1, expected letters"]],
    [
      "after a misspelt task",
      tasks(MIGRATE, { ...WAIT, after: ["migrat"] }),
      ['tasks[1].after[0]: there is no task "migrat" here: did you mean migrate?'],
    ],
    ["after itself", tasks({ ...a, after: ["a"] }), ['tasks[0].after[0]: "a" is this task itself']],
    [
      "two after each other",
      tasks(WAIT, { ...a, after: ["b"] }, { ...b, after: ["a"] }),
      ["tasks[1].after: these wait for each other: tasks[1] after tasks[2] after tasks[1]"],
    ],
    [
      "three in a circle",
      tasks({ ...a, after: ["b"] }, { ...b, after: ["c"] }, { ...c, after: ["a"] }),
      ["tasks[0].after: these wait for each other: tasks[0] after tasks[1] after tasks[2] after tasks[0]"],
    ],
    [
      "after one in the background",
      tasks(beside, { ...b, after: ["a"] }),
      ['tasks[1].after[0]: "a" is in the background'],
    ],
    ["two of one name", tasks(a, WAIT, a), ['tasks[2].name: "a" is the name of tasks[0] too']],
  ];
}

/** Of a command that is run beside the app, or by one container. */
function refusedRuns(): typeof WRONG {
  const RUN = { task: "run", run: ["true"] };
  const ELECTED = { ...RUN, name: "sitemap", election: "file:///e" };
  return [
    [
      "an unknown flag",
      { ...RUN, backgroud: true },
      "tasks[0].backgroud: there is no such key: did you mean background?",
    ],
    ["a flag that is a text", { ...RUN, background: "yes" }, 'tasks[0].background: "yes", expected true or false'],
    ["a flag that is null", { ...RUN, background: null }, "tasks[0].background: null, expected true or false"],
    ["a readiness of nothing", { ...RUN, ready: "tcp://app:1" }, "tasks[0].ready: there is no background"],
    [
      "a readiness without the background",
      { ...RUN, background: false, ready: "tcp://app:1" },
      "tasks[0].ready: there is no background",
    ],
    [
      "a readiness of a database",
      { ...RUN, background: true, ready: "postgres://db/shop" },
      "tasks[0].ready: scheme postgres://",
    ],
    ["a period without an election", { ...RUN, every: "24h" }, "tasks[0].every: there is no election"],
    ["a lease without an election", { ...RUN, lease: "5s" }, "tasks[0].lease: there is no election"],
    ["a period that is short", { ...ELECTED, every: "5s" }, 'tasks[0].every: "5s", expected a duration from 60s on'],
    ["a period that is a day", { ...ELECTED, every: "1d" }, 'tasks[0].every: "1d", expected a duration'],
    ["an elected command without a name", { ...ELECTED, name: undefined }, "tasks[0].name: missing"],
    ["a name with a blank", { ...RUN, name: "site map" }, 'tasks[0].name: "site map", expected a name of letters'],
    ["a migration in the background", { ...MIGRATE, background: true }, "tasks[0].background: there is no such key"],
  ].map(([title, task, said]) => [title as string, tasks(task), [said as string]] as const);
}
