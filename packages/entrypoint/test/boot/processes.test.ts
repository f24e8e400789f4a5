import { describe, expect, it } from "vitest";

import { readDefinition, type Definition } from "../../src/boot/definition.ts";

const WEB = { run: ["nginx", "-g", "daemon off;"], stopSignal: "SIGQUIT" };

function read(definition: object, env: NodeJS.ProcessEnv = {}, procfile = ""): Definition {
  return readDefinition({ tasks: [], ...definition }, env, { read: () => procfile });
}

function refusal(definition: object, env: NodeJS.ProcessEnv = {}, procfile = ""): string {
  try {
    read(definition, env, procfile);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  return "";
}

describe("processes", () => {
  it("are completed with the defaults", () => {
    const jobs = { run: ["sidekiq", "-q", "${QUEUE}"], restart: "failure", backOff: "2s" };
    const { processes } = read({ processes: { web: WEB, jobs }, endWhen: "web", grace: "20s" }, { QUEUE: "mail" });
    expect(processes).toEqual({
      processes: [
        { name: "web", argv: ["nginx", "-g", "daemon off;"], stopSignal: "SIGQUIT" },
        {
          name: "jobs",
          argv: ["sidekiq", "-q", "mail"],
          stopSignal: "SIGTERM",
          restart: { when: "failure", most: 5, backOffMs: 2_000, longestMs: 30_000 },
        },
      ],
      endWhen: { named: "web" },
      graceMs: 20_000,
      output: "lines",
      shown: ["nginx -g daemon off;", "sidekiq -q ${QUEUE}"],
    });
  });

  it.each([
    [{ processes: {} }, "processes: there is no process in it"],
    [{ processes: [] }, "processes: an empty list, expected an object"],
    [{ processes: { "a b": WEB } }, "processes.a b: a process' name is of letters, digits, - and _"],
    [
      { processes: { web: { ...WEB, stopsignal: "SIGQUIT" } } },
      "processes.web.stopsignal: there is no such key: did you mean stopSignal?",
    ],
    [
      { processes: { web: { ...WEB, stopSignal: "SIGQIT" } } },
      'processes.web.stopSignal: "SIGQIT": did you mean SIGQUIT?',
    ],
    [
      { processes: { web: { ...WEB, restart: true } } },
      "processes.web.restart: true: expected one of never, failure, always",
    ],
    [
      { processes: { web: { ...WEB, restarts: 0 } } },
      "processes.web.restarts: 0, expected a whole number from 1 to 1000000",
    ],
    [
      { processes: { web: { ...WEB, restart: "always", backOff: "1h" } } },
      'processes.web.backOff: "1h", expected a duration from 0.001s to 30s',
    ],
    [
      { processes: { web: { ...WEB, backOff: "2s" } } },
      'processes.web.backOff: there is no restart: add "restart": "failure" or "always"',
    ],
    [
      { processes: { web: { run: ["a", "b\0"] } } },
      "processes.web.run[1]: there is a NUL character in it, which no argument and no path can have",
    ],
    [
      { tasks: [{ task: "run", run: ["a\0"] }] },
      "tasks[0].run[0]: there is a NUL character in it, which no argument and no path can have",
    ],
    [{ processes: { web: WEB }, endWhen: "wep" }, 'endWhen: "wep": did you mean web?'],
    [{ processes: { web: WEB }, output: "line" }, 'output: "line": did you mean lines?'],
    [{ processes: { web: WEB }, procfile: "Procfile" }, "processes: there is a procfile too, expected one of them"],
  ])("%j is refused", (definition, message) => {
    expect(refusal(definition)).toBe(message);
  });
});

function fromProcfile(text: string): Definition["processes"] {
  return read({ procfile: "Procfile" }, {}, text).processes;
}

describe("a Procfile", () => {
  it("gives commands for a shell, in their order", () => {
    expect(fromProcfile("# ours\n\nweb: bundle exec puma -p $PORT\r\njobs_2:  sidekiq | tee log\n")).toMatchObject({
      processes: [
        { name: "web", argv: ["/bin/sh", "-c", "bundle exec puma -p $PORT"] },
        { name: "jobs_2", argv: ["/bin/sh", "-c", "sidekiq | tee log"] },
      ],
      endWhen: "any",
    });
  });

  it.each([
    ["web bundle", "Procfile:1: expected a line NAME: COMMAND"],
    ["web: a\0", "Procfile:1: there is a NUL character in it"],
    ["web: a\nweb:", "Procfile:2: expected a line NAME: COMMAND"],
    ["web: a\nweb: b", "Procfile:2: web is there twice"],
    ["\nrelease: rails db:migrate", "Procfile:2: release is no process but a phase"],
    ["# nothing", "Procfile: there is no process in it"],
  ])("%j is refused", (text, message) => {
    expect(refusal({ procfile: "Procfile" }, {}, text)).toContain(message);
  });
});

describe("exit codes", () => {
  it("are taken from the environment before the definition", () => {
    const { exitCodes } = read({ exitCodes: { "143": 0, "1": 2 } }, { ENTRYPOINT_EXIT_CODES: "1=3, 130=0" });
    expect([...exitCodes]).toEqual([
      [1, 3],
      [143, 0],
      [130, 0],
    ]);
  });

  it.each([
    [{ exitCodes: { "256": 0 } }, {}, 'exitCodes.256: "256", expected a whole number from 0 to 255'],
    [{ exitCodes: { "143": "0" } }, {}, 'exitCodes.143: "0", expected a whole number from 0 to 255'],
    [{ exitCodes: 143 }, {}, 'exitCodes: 143, expected exit codes, e.g. { "143": 0 }'],
    [{}, { ENTRYPOINT_EXIT_CODES: "143" }, 'ENTRYPOINT_EXIT_CODES: "143", expected e.g. 143=0,130=0'],
    [{}, { ENTRYPOINT_EXIT_CODES: "143=999" }, "ENTRYPOINT_EXIT_CODES: 999, expected"],
  ])("%j with %j is refused", (definition, env, message) => {
    expect(refusal(definition, env)).toContain(message);
  });
});
