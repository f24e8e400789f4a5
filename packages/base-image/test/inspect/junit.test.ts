import { describe, expect, it } from "vitest";

import { junitReport } from "../../src/inspect/junit.ts";

describe("junitReport", () => {
  it("has a case for each assertion, and what was found of those that failed", () => {
    const report = junitReport("app:1", [
      { type: "assertion", name: "ruby is 3.3", passed: true, expected: "3.3.x", found: "3.3.8" },
      { type: "assertion", name: 'says "<&>"', passed: false, expected: "a\nb", found: "\u0007 ]]> \uD800" },
    ]);
    expect(report).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="base-image verify" tests="2" failures="1" errors="0" skipped="0">
  <testsuite name="app:1" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="app:1" name="ruby is 3.3"/>
    <testcase classname="app:1" name="says &quot;&lt;&amp;&gt;&quot;"><failure message="expected a&#10;b">found \uFFFD ]]&gt; \uFFFD</failure></testcase>
  </testsuite>
</testsuites>
`);
  });
});
