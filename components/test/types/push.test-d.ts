// Compiled by `tsc -p components` and never run: each marked line must be refused, every other one taken.

import { ContextConsumer } from "@lit/context";
import {
  type LiveSessionContext,
  LiveSessionController,
  type LiveSessionHandle,
  liveSessionContext,
  type MountDataContext,
  mountDataContext,
} from "@live-session/components";
import type { LitElement } from "lit";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

interface CartEvents {
  readonly "cart:add": {
    readonly payload: { readonly id: string; readonly count?: number };
    readonly reply: { readonly total: number };
  };
  readonly "cart:clear": {
    readonly payload: Record<never, never>;
    readonly reply: Record<never, never>;
  };
}
interface CartData {
  readonly cart: readonly string[];
  readonly tab: string | null;
}

declare const host: LitElement;
declare const untyped: LiveSessionHandle;
declare const typed: LiveSessionHandle<CartEvents>;

// A handle without event types accepts any event.
untyped.push("any");
untyped.push("any", { a: 1 });
// @ts-expect-error a payload is an object
untyped.push("any", 1);

typed.push("cart:add", { id: "1" });
typed.push("cart:clear");
typed.push("cart:clear", {});
// @ts-expect-error no such event
typed.push("cart:remove", { id: "1" });
// @ts-expect-error the payload is missing
typed.push("cart:add");
// @ts-expect-error id is a string
typed.push("cart:add", { id: 1 });
// @ts-expect-error no such field
typed.push("cart:add", { id: "1", color: "red" });

// The events may be named by the call too.
untyped.push<CartEvents>("cart:add", { id: "1" });
untyped.push<CartEvents>("cart:clear");
// @ts-expect-error no such event
untyped.push<CartEvents>("cart:remove");
// @ts-expect-error the payload is missing
untyped.push<CartEvents>("cart:add");
// @ts-expect-error the payload is that of the event
untyped.push<CartEvents>("cart:add", { count: 1 });

const added = typed.push("cart:add", { id: "1" });
const either = untyped.push<CartEvents>("cart:add", { id: "1" });
const one = untyped.push<CartEvents, "cart:add">("cart:add", { id: "1" });
const any = untyped.push("any");
export type Replies = [
  Expect<Equal<Awaited<typeof added>, { readonly total: number }>>,
  Expect<Equal<Awaited<typeof either>, { readonly total: number } | Record<never, never>>>,
  Expect<Equal<Awaited<typeof one>, { readonly total: number }>>,
  Expect<Equal<Awaited<typeof any>, unknown>>,
];

const live = new LiveSessionController<CartEvents, CartData>(host);
live.handle?.push("cart:add", { id: "1" });
// @ts-expect-error no such event
live.handle?.push("cart:remove");
live.mountData?.cart?.map((item) => item.length);
// @ts-expect-error there is nothing before the view is joined
live.mountData?.cart.length;
// @ts-expect-error no such datum
live.mountData?.basket;
// @ts-expect-error the tab is a string
live.mountData?.tab satisfies number | null | undefined;

const bare = new LiveSessionController(host);
bare.handle?.push("any");
bare.mountData?.anything satisfies unknown;

// Consumers of the contexts get the same types.
const data = new ContextConsumer(host, { context: mountDataContext as MountDataContext<CartData> });
data.value?.tab satisfies string | null | undefined;
// @ts-expect-error no such datum
data.value?.basket;
const session = new ContextConsumer(host, {
  context: liveSessionContext as LiveSessionContext<CartEvents>,
});
session.value?.push("cart:clear");
// @ts-expect-error no such event
session.value?.push("cart:remove");

// @ts-expect-error these are not events
new LiveSessionController<{ a: string }>(host);
