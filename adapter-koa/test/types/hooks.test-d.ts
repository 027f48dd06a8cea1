// Compiled by `tsc -p adapter-koa` and never run: each marked line must have a type error, and no other line.

import {
  cont,
  defineHook,
  halt,
  type LiveEvents,
  LiveRouter,
  liveEvent,
  liveView,
  onMount,
  type ProvidedData,
  type RefusedPayload,
  redirect,
  type StageContexts,
} from "@live-session/adapter-koa";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { html } from "lit";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;
type Flat<T> = { readonly [Key in keyof T]: T[Key] };

interface User {
  readonly email: string;
}
interface Notice {
  readonly id: string;
}
declare const idSchema: StandardSchemaV1<{ readonly id: string }>;
declare const keptSchema: StandardSchemaV1<unknown, { readonly notices: readonly Notice[] }>;
declare const findUser: () => Promise<User | null>;

const ensureUser = onMount("ensureUser", async () => {
  const currentUser = await findUser();
  return currentUser ? cont({ currentUser }) : halt(redirect("/log_in"));
});

const notices = defineHook("notices", {
  needs: {} as { currentUser: User },
  keep: { assigns: ["notices"], schema: keptSchema },
  provide: ["notices"],
  async mount({ kept, socket }) {
    socket.subscribe(`notices:${socket.assigns.currentUser.email}`);
    kept.notices satisfies readonly Notice[] | undefined;
    // @ts-expect-error not set yet
    socket.assigns.notices;
    return cont({ notices: kept.notices ?? ([] as readonly Notice[]), unread: 0 });
  },
  handleParams({ params, socket }) {
    params.tab;
    socket.assigns.currentUser.email satisfies string;
    socket.assign({ unread: 0 });
  },
  handleEvent: {
    "notices:close": liveEvent(idSchema, ({ payload, socket }) => {
      // @ts-expect-error not in the schema
      payload.name;
      const rest = socket.assigns.notices.filter(({ id }) => id !== payload.id);
      socket.assign({ notices: rest });
      // @ts-expect-error a list
      socket.assign({ notices: 5 });
    }),
    "notices:clear": ({ socket }) => socket.assign({ notices: [] }),
  },
  handleInfo({ message, topic, socket }) {
    topic satisfies string | undefined;
    // @ts-expect-error a message is unknown until checked
    message.id;
    socket.assign({ unread: socket.assigns.unread + 1 });
    // @ts-expect-error no such assign
    socket.assigns.missing;
  },
  handleAsync({ key, result }) {
    key satisfies string;
    result.ok satisfies boolean;
  },
  afterRender: ({ changed, socket }) =>
    changed.has("notices") && socket.assigns.unread > 5 ? cont({ unread: 5 }) : undefined,
  unmount({ reason, socket }) {
    reason satisfies string;
    socket.assigns.notices.length satisfies number;
  },
});
const counting = defineHook("counting", {
  mount: ({ socket }) => {
    // @ts-expect-error the hook needs no user
    socket.assigns.currentUser;
  },
  handleEvent: { "counting:ping": () => {} },
});
// A mount without an argument, or declared assigns, type a liveEvent that follows immediately.
defineHook("inferred", {
  mount: () => cont({ open: "" }),
  handleEvent: {
    open: liveEvent(idSchema, ({ payload, socket }) => {
      socket.assigns.open satisfies string;
      socket.assign({ open: payload.id });
    }),
  },
});
defineHook("declared", {
  own: {} as { open: string },
  mount: ({ socket }) => cont({ open: socket.id }),
  handleEvent: {
    open: liveEvent(idSchema, ({ payload, socket }) => {
      socket.assigns.open satisfies string;
      // @ts-expect-error a string
      socket.assign({ open: 5, id: payload.id });
    }),
  },
});
const bare = defineHook("bare", {});
const guard = defineHook("guard", {
  mount: ({ session }) => (session.user ? cont({ user: "a" }) : halt(redirect("/"))),
});

export type Types = [
  Expect<Equal<keyof LiveEvents<typeof notices>, "notices:close" | "notices:clear">>,
  Expect<Equal<LiveEvents<typeof notices>["notices:close"]["payload"], { readonly id: string }>>,
  Expect<
    Equal<
      LiveEvents<typeof notices>["notices:close"]["reply"],
      Record<never, never> | RefusedPayload
    >
  >,
  Expect<Equal<keyof LiveEvents<typeof counting>, "counting:ping">>,
  Expect<
    Equal<
      Flat<ProvidedData<typeof notices>>,
      {
        readonly notices: readonly Notice[];
        readonly flash: Readonly<Record<string, string>>;
      }
    >
  >,
];

// Both kinds of hooks are listed in any order, and their chain is checked.
const view = liveView("View", {
  types: {} as { needs: { notices: readonly Notice[]; user: string } },
  render: ({ notices }) => html`${notices.length}`,
});
const router = new LiveRouter();
router
  .liveSession("mixed", { onMount: [ensureUser, notices, counting, bare, guard] })
  .live("/", view);
// @ts-expect-error nothing provides the user
router.liveSession("refused_1", { onMount: [notices] });
// @ts-expect-error nothing provides the notices
router.liveSession("refused_2", { onMount: [ensureUser, guard] }).live("/a", view);
liveView("OwnHook", {
  types: {} as { needs: { currentUser: User } },
  onMount: [counting, notices],
  render: () => html``,
});

const misnamed = defineHook("misnamed", { provide: ["total"], mount: () => cont({ count: 0 }) });
// @ts-expect-error no such assign
router.liveSession("refused_3", { onMount: misnamed });
// @ts-expect-error … nor in a view
liveView("OwnHook", { onMount: misnamed, render: () => html`` });
// @ts-expect-error no such option
defineHook("wrong", { handleEvents: {} });
// @ts-expect-error a mount halts with a destination
defineHook("wrong", { mount: () => halt() });
defineHook("wrong", {
  mount: () => cont({ count: 0 }),
  // @ts-expect-error count is a number
  handleParams: () => cont({ count: "0" }),
});
// @ts-expect-error a handler returns a reply or nothing
defineHook("wrong", { handleEvent: { bad: () => ({ count: 1 }) } });

// attachHook infers the assigns from the annotation of its callback, or those of its socket.
onMount("attached", ({ socket }) => {
  socket.attachHook(
    "a",
    "handleInfo",
    ({ message, socket }: StageContexts<{ n: number }>["handleInfo"]) =>
      cont({ n: socket.assigns.n + Number(message) }),
  );
  socket.attachHook(
    "b",
    "handleEvent",
    // @ts-expect-error n is a number
    ({ event, socket }: StageContexts<{ n: number }>["handleEvent"]) =>
      event === "x" ? cont({ n: "1" }) : cont({ n: socket.assigns.n }),
  );
  return cont({ n: 0 });
});
