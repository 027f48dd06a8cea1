// Compiled by `tsc -p adapter-koa` and never run: each marked line must have a type error, and no other line.

import {
  cont,
  type LiveEvents,
  LiveRouter,
  type LiveView,
  liveEvent,
  liveView,
  type MountContext,
  onMount,
  type ProvidedData,
  type RefusedPayload,
  reply,
} from "@live-session/adapter-koa";
import { type LiveNotification, nav, notifications } from "@live-session/adapter-koa/hooks";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { html } from "lit";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;
type Flat<T> = { readonly [Key in keyof T]: T[Key] };
type Anything = Readonly<Record<string, unknown>>;
type Nothing = Record<never, never>;
type Flash = Readonly<Record<string, string>>;

declare const schema: StandardSchemaV1<{ readonly age: string }, { readonly age: number }>;

const checkedLive = liveView("CheckedLive", {
  types: {} as { needs: { user: string }; own: { age: number; secret: string } },
  provide: ["age", "user"],
  handleEvent: {
    save: liveEvent(schema, ({ payload, socket }) => {
      socket.assign({ age: payload.age });
      // @ts-expect-error not in the schema
      payload.name;
      // @ts-expect-error age is a number
      socket.assign({ age: "5" });
    }),
    ask: liveEvent(schema, async ({ payload }) =>
      reply({ doubled: payload.age * 2, at: new Date() }),
    ),
    inc({ payload, socket }) {
      // @ts-expect-error a payload without a schema is unknown
      payload.id;
      // @ts-expect-error age is a number
      socket.assign({ age: "5" });
      socket.assign({ age: socket.assigns.age + 1 });
    },
    maybe: ({ socket }) => (socket.assigns.age > 1 ? reply({ ok: true }) : undefined),
  },
  render: ({ age, user }) => html`${age.toFixed()}${user}`,
});
const make = (name: string) =>
  liveView(name, { types: {} as { own: { count: number } }, render: () => html`` });

type Checked = LiveEvents<typeof checkedLive>;
export type Events = [
  Expect<Equal<keyof Checked, "save" | "ask" | "inc" | "maybe">>,
  // Elements push the input type of the schema.
  Expect<Equal<Checked["save"]["payload"], { readonly age: string }>>,
  Expect<Equal<Checked["save"]["reply"], Nothing | RefusedPayload>>,
  Expect<
    Equal<
      Checked["ask"]["reply"],
      { readonly doubled: number; readonly at: string } | RefusedPayload
    >
  >,
  Expect<Equal<Checked["inc"], { readonly payload: Anything; readonly reply: Nothing }>>,
  Expect<Equal<Checked["maybe"]["reply"], Nothing | { readonly ok: boolean }>>,
  // A function that creates a view, and a view without events.
  Expect<Equal<LiveEvents<(age: number) => typeof checkedLive>, Checked>>,
  Expect<Equal<keyof LiveEvents<typeof make>, never>>,
];

// @ts-expect-error explicit type arguments would lose the types of the events
liveView<Nothing, { count: number }>("WrongLive", { render: () => html`` });

// A view without type annotations has events, too.
const bareLive = liveView("BareLive", { handleEvent: { ping() {} }, render: () => html`` });
export type Bare = Expect<Equal<keyof LiveEvents<typeof bareLive>, "ping">>;
export type Any = Expect<
  Equal<keyof LiveEvents<LiveView>, "use the type of what liveView(…) returns to have its events">
>;
const plainLive = liveView("PlainLive", {
  types: {} as { own: { count: number } },
  handleEvent: { inc() {} },
  render: () => html``,
});

liveView("WrongLive", {
  types: {} as { own: { count: number } },
  // @ts-expect-error no such assign
  provide: ["total"],
  render: () => html``,
});
liveView("WrongLive", {
  types: {} as { own: { count: number } },
  // @ts-expect-error no such assign
  provide: ["total"],
  render: () => html``,
});
liveView("WrongLive", {
  types: {} as { own: { count: number } },
  handleEvent: {
    // @ts-expect-error a handler returns a reply or nothing
    bad: () => ({ count: 1 }),
  },
  render: () => html``,
});

const cart = onMount("cart", async () => cont({ cart: ["tea"], price: 1 }, { provide: ["cart"] }));
const theme = onMount("theme", ({ socket }: MountContext<{ price: number }>) =>
  socket.connected
    ? cont({ theme: "dark", price: 2 }, { provide: ["theme"] })
    : cont({ theme: "light", price: 3 }),
);
// @ts-expect-error no such assign
onMount("wrong", () => cont({ cart: [] }, { provide: ["basket"] }));

const router = new LiveRouter();
const shop = router.liveSession("shop", { onMount: [cart, nav(() => null), notifications()] });
const user = onMount("user", () => cont({ user: "Ada" }));
const account = router
  .liveSession("account", { onMount: [cart, user] })
  .live("/a", checkedLive)
  .live("/b", plainLive)
  .live("/c", make("C"));
const empty = router.liveSession("none");
const none = empty.live("/d", make("D"));

export type Data = [
  Expect<Equal<ProvidedData<typeof cart>, { readonly cart: string[]; readonly flash: Flash }>>,
  Expect<
    Equal<
      ProvidedData<typeof checkedLive>,
      { readonly age: number; readonly user: string; readonly flash: Flash }
    >
  >,
  Expect<
    Equal<
      Flat<ProvidedData<typeof shop>>,
      {
        readonly cart: string[];
        readonly activeNav: string | null;
        readonly notifications: readonly LiveNotification[];
        readonly flash: Flash;
      }
    >
  >,
  // Data that only one view provides is optional.
  Expect<
    Equal<
      Flat<ProvidedData<typeof account>>,
      {
        readonly cart: string[];
        readonly age?: number;
        readonly user?: string;
        readonly flash: Flash;
      }
    >
  >,
  Expect<Equal<ProvidedData<typeof none>, { readonly flash: Flash }>>,
  // Otherwise each route nests the type once more, which the compiler refuses after about 50 routes.
  Expect<Equal<typeof none, typeof empty>>,
  Expect<Equal<ProvidedData<typeof nav>["activeNav"], string | null>>,
  // Only one of two results provides the assign.
  Expect<Equal<"theme" extends keyof ProvidedData<typeof theme> ? true : false, false>>,
];
