/** Files whose prose still has words to avoid. Remove a file after its revision, and add none. */
export const filesToRevise: readonly string[] = [
  "adapter-koa/src/koa/live.ts",
  "components/src/client/rendering/foreign-changes.ts",
  "components/test/client/rendering/foreign-changes.test.ts",
];
