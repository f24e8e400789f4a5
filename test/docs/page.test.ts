import { describe, expect, it } from "vitest";

import { linesNotHeld } from "./held.ts";
import { missingOutput, pageScript, pageSteps } from "./page.ts";

const PAGE = `
# A page

\`\`\`ts app/a.ts
export const a = "$x";
\`\`\`

\`\`\`sh
cat a.ts
echo b
\`\`\`

\`\`\`text
export…
b
\`\`\`

\`\`\`yaml
not: done
\`\`\`
`;

describe("a page's steps", () => {
  const steps = pageSteps(PAGE);

  it("are its files, commands and outputs", () => {
    expect(steps.map((step) => step.kind)).toEqual(["file", "commands", "output"]);
  });

  it("become a script that writes the files as they are", () => {
    expect(pageScript(steps)).toContain(Buffer.from('export const a = "$x";\n').toString("base64"));
  });

  it.each([
    { printed: 'export const a = "$x";\nb\n', missing: [] },
    { printed: 'export const a = "$x";\n', missing: ["b"] },
    { printed: "b\nexport\n", missing: ["b"] },
    { printed: "exported\nbb\n", missing: ["b"] },
  ])("miss $missing of $printed", ({ printed, missing }) => {
    expect(missingOutput(steps, `\u001e\u001e${printed}\u001e`)).toEqual(missing);
  });
});

describe("a block of another page", () => {
  const row = {
    page: "packages/base-image/README.md",
    begins: "base-image verify slipway-base:runtime",
    command: "verify",
  };
  const steps = [{ kind: "commands", text: "npx base-image verify ruby-node:runtime\n" }] as const;

  it("is held against what the step prints that calls the same", () => {
    expect(linesNotHeld([row], steps, "\u001e✓ ruby is 3.3\n46 passed, 0 failed\n")).toEqual(
      expect.arrayContaining(["✓ node is 24", "48 passed, 0 failed"]),
    );
    expect(linesNotHeld([row], [], "")).toContain("✓ ruby is 3.3");
  });
});
