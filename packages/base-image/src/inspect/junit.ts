import type { AssertionEvent } from "../events.ts";

/**
 * The assertions of one image as a JUnit report: a test case for each, failures with what was expected and found.
 * @see https://github.com/testmoapp/junitxml
 */
export function junitReport(image: string, events: readonly AssertionEvent[]): string {
  const failures = events.filter(({ passed }) => !passed).length;
  const counts = `tests="${events.length}" failures="${failures}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="base-image verify" ${counts}>`,
    `  <testsuite name="${escaped(image)}" ${counts}>`,
    ...events.map((event) => testCase(image, event)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(image: string, { name, passed, expected, found }: AssertionEvent): string {
  const attributes = `classname="${escaped(image)}" name="${escaped(name)}"`;
  if (passed) return `    <testcase ${attributes}/>`;
  const message = escaped(`expected ${expected}`);
  return `    <testcase ${attributes}><failure message="${message}">${escaped(`found ${found}`)}</failure></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Text that is an attribute as well as content; what no XML may hold becomes U+FFFD. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"\n\t]/g, (character) => ENTITIES[character] ?? "")
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, "\uFFFD");
}
