import { defineConfig } from "vitest/config";

const shared = {
  resolve: { conditions: ["source", "node"] },
  ssr: { resolve: { conditions: ["source", "node"] } },
};

/**
 * Suites that share Docker, S3 or the databases run one file at a time and apart from the rest, which run side by side. The
 * limits are for what hangs: a machine that is ten times slower than usual keeps them.
 */
export default defineConfig({
  ...shared,
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          sequence: { groupOrder: 0 },
          include: ["packages/*/test/**/*.test.ts", "{examples/*,bench}/test/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["**/*.service.test.ts", "**/node_modules/**"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: "service",
          sequence: { groupOrder: 1 },
          include: ["{packages,examples}/*/test/**/*.service.test.ts", "test/**/*.service.test.ts"],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
        },
      },
    ],
  },
});
