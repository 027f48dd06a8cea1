import { LiveError, quote } from "../live-error.js";

/** The stages of a mounted view's life that hooks can intercept. */
export const stages = [
  "connected",
  "handleParams",
  "handleEvent",
  "handleInfo",
  "handleAsync",
  "afterRender",
] as const;

/** One of {@link stages}. */
export type Stage = (typeof stages)[number];

/** The identity of a hook, for pages and logs that list the hooks of a view. */
export interface HookInfo {
  readonly id: string;
  readonly stage: Stage | "mount";
}

/** Checks the name of a stage. @throws LiveError `LIVE_ERR_HOOK_STAGE` when it is not one of {@link stages} */
export function assertStage(
  stage: unknown,
  caller: "attachHook" | "detachHook",
): asserts stage is Stage {
  if (stages.includes(stage as Stage)) return;
  throw new LiveError("LIVE_ERR_HOOK_STAGE", `lifecycle stage passed to ${caller} is invalid`, {
    expected: `one of ${stages.join(" | ")}`,
    gotText: quote(stage),
  });
}
