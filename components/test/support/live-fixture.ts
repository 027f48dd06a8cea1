import { ContextProvider } from "@lit/context";
import { render, type TemplateResult } from "lit";
import {
  type LiveSessionHandle,
  type LiveSessionStatus,
  liveSessionContext,
  type MountData,
  mountDataContext,
} from "../../src/context.js";
import type { PushOptions } from "../../src/push.js";

/** A template in the page, inside an element that provides the contexts of a live session. */
export interface LiveFixture {
  readonly wrapper: HTMLElement;
  /** The events that elements have pushed, oldest first. */
  readonly pushes: readonly [event: string, payload: unknown][];
  /** Rejects all later pushes. */
  refusePushes(): void;
  /** Answers the pushes so far. */
  answerPushes(): void;
  setStatus(status: LiveSessionStatus): void;
  provide(mountData: MountData): void;
}

let current: HTMLElement | undefined;

/** Renders a template in the page and removes the previous one. */
export function liveFixture(
  template: TemplateResult,
  mountData: MountData = {},
  bindingPrefix = "live-",
): LiveFixture {
  current?.remove();
  const wrapper = document.createElement("div");
  current = wrapper;
  const pushes: [string, unknown][] = [];
  let refuses = false;
  let answer = (): void => {};
  let answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const handleWith = (status: LiveSessionStatus): LiveSessionHandle => ({
    push: (async (event: string, payload?: unknown, { optimistic }: PushOptions = {}) => {
      const takeBack = optimistic?.();
      pushes.push([event, payload]);
      if (!refuses) await answered;
      takeBack?.();
      if (refuses) throw new Error("not connected");
      return {};
    }) as LiveSessionHandle["push"],
    navigate() {},
    patch() {},
    status,
    csrfToken: "token-of-the-session",
    bindingPrefix,
  });
  const handle = new ContextProvider(wrapper, {
    context: liveSessionContext,
    initialValue: handleWith("connected"),
  });
  const data = new ContextProvider(wrapper, { context: mountDataContext, initialValue: mountData });
  document.body.append(wrapper);
  render(template, wrapper);
  return {
    wrapper,
    pushes,
    refusePushes() {
      refuses = true;
    },
    answerPushes() {
      answer();
      answered = new Promise((resolve) => {
        answer = resolve;
      });
    },
    setStatus: (status) => handle.setValue(handleWith(status)),
    provide: (provided) => data.setValue(provided),
  };
}

/** Calls `probe` in each frame and resolves with the first result other than `false`, `null` and `undefined`. */
export async function until<T>(probe: () => T): Promise<NonNullable<T>> {
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== null && (found as unknown) !== false) return found;
    await frameOrTimer();
  }
}

/** The timers of the browser, even where a test has replaced them. */
const { setTimeout } = globalThis;

/** Resolves with the next frame, or with a timer where the browser draws slowly and an animation would be missed. */
const frameOrTimer = (): Promise<unknown> =>
  new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, 20);
  });
