import { isDeepStrictEqual } from "node:util";
import type { NavigationTarget, PushedEvent } from "@live-session/components/protocol";
import { failure } from "../failure.js";

/** An expected path: a string that equals it, or a pattern that it matches. */
export type ExpectedPath = string | RegExp;

/** The redirect and the patches of a view since its join. */
export interface Navigations {
  /** The target of its redirect or navigation. */
  readonly redirect: string | undefined;
  /** Patches that no assertion has removed, newest last. */
  readonly patches: NavigationTarget[];
}

/**
 * Checks that the view redirects.
 *
 * @throws AssertionError when it does not redirect, or has another target; reports a patch instead of a redirect
 */
export function assertRedirected({ redirect, patches }: Navigations, to?: ExpectedPath): void {
  if (redirect !== undefined && matches(redirect, to)) return;
  const patch = patches.at(-1);
  throw failure("the page does not redirect as expected", {
    expected: to === undefined ? "a redirect" : `a redirect to ${to}`,
    got: redirect ?? (patch ? `a patch to ${patch.to}, which assertPatch checks` : "no redirect"),
  });
}

/** Checks that the view does not redirect. @throws AssertionError when it redirects, to this target if one is given */
export function refuteRedirected({ redirect }: Navigations, to?: ExpectedPath): void {
  if (redirect === undefined || !matches(redirect, to)) return;
  throw failure("the page redirects", { expected: expectedWithout("redirect", to), got: redirect });
}

/**
 * Checks that the view has been patched, and removes the patch from the list.
 *
 * @throws AssertionError when the view has not been patched to this target; reports a redirect instead of a patch
 */
export function assertPatched({ redirect, patches }: Navigations, to?: ExpectedPath): void {
  const index = patches.findIndex((patch) => matches(patch.to, to));
  if (index < 0) {
    throw failure(`the view has not been patched${to === undefined ? "" : ` to ${to}`}`, {
      ...(redirect !== undefined && {
        got: `a redirect to ${redirect}, which assertRedirect checks`,
      }),
      candidates: patches.map((patch) => patch.to),
    });
  }
  patches.splice(index, 1);
}

/**
 * Checks that the view has not been patched.
 *
 * @throws AssertionError when it has been patched, to this target if one is given
 */
export function refutePatched({ patches }: Navigations, to?: ExpectedPath): void {
  const patch = patches.find((patch) => matches(patch.to, to));
  if (!patch) return;
  throw failure("the view has been patched", {
    expected: expectedWithout("patch", to),
    got: patch.to,
  });
}

/**
 * Checks that the view has pushed an event, and removes the event from the list.
 *
 * @throws AssertionError when the view has not pushed the event, with this payload if one is given
 */
export function assertPushed(events: PushedEvent[], name: string, payload?: unknown): void {
  const index = events.findIndex((event) => isEvent(event, name, payload));
  if (index < 0) {
    throw failure(`the view has not pushed the event "${name}"`, {
      ...(payload !== undefined && { expected: JSON.stringify(payload) }),
      candidates: events.map((event) => `${event[0]} ${JSON.stringify(event[1])}`),
    });
  }
  events.splice(index, 1);
}

/** Checks that the view has not pushed an event. @throws AssertionError when it has, with this payload if one is given */
export function refutePushed(
  events: readonly PushedEvent[],
  name: string,
  payload?: unknown,
): void {
  const event = events.find((event) => isEvent(event, name, payload));
  if (event) {
    throw failure(`the view has pushed the event "${name}"`, { got: JSON.stringify(event[1]) });
  }
}

const isEvent = (event: PushedEvent, name: string, payload: unknown): boolean =>
  event[0] === name && (payload === undefined || isDeepStrictEqual(event[1], payload));

const matches = (got: string, expected: ExpectedPath | undefined): boolean => {
  if (expected === undefined) return true;
  return typeof expected === "string" ? got === expected : expected.test(got);
};

const expectedWithout = (what: string, to: ExpectedPath | undefined): string =>
  to === undefined ? `no ${what}` : `no ${what} to ${to}`;
