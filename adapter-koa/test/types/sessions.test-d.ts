// Compiled by `tsc -p adapter-koa` and never run: each marked line must have a type error, and no other line.

import {
  type AsyncResult,
  cont,
  halt,
  LiveRouter,
  type LiveView,
  liveEvent,
  liveView,
  type MountContext,
  navigate,
  onMount,
  redirect,
  reply,
  type Socket,
} from "@live-session/adapter-koa";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { html } from "lit";
import type { FoldHooks, Missing } from "../../src/live/declarations/on-mount.js";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

interface User {
  readonly email: string;
}
declare const findUser: () => Promise<User | null>;

const mountCurrentUser = onMount("mountCurrentUser", async () =>
  cont({ currentUser: await findUser() }),
);
const ensureAuthenticated = onMount("ensureAuthenticated", async () => {
  const currentUser = await findUser();
  if (!currentUser) return halt(redirect("/users/log_in"));
  return cont({ currentUser });
});
const audit = onMount("audit", ({ socket }: MountContext<{ currentUser: User }>) => {
  return cont({ auditedAs: socket.assigns.currentUser.email });
});
const deny = onMount("deny", () => halt(redirect("/")));
const pass = onMount("pass", () => cont());

const publicLive = liveView("PublicLive", { render: () => html`<p></p>` });
const maybeLive = liveView("MaybeLive", {
  types: {} as { needs: { currentUser: User | null } },
  render: ({ currentUser }) => html`<p>${currentUser?.email}</p>`,
});
const userLive = liveView("UserLive", {
  types: {} as { needs: { currentUser: User } },
  render: ({ currentUser }) => html`<p>${currentUser.email}</p>`,
});
const auditedLive = liveView("AuditedLive", {
  types: {} as { needs: { auditedAs: string } },
  render: () => html`<p></p>`,
});

const router = new LiveRouter();

// Views receive the assigns of the hooks.
router
  .liveSession("authenticated", { onMount: [ensureAuthenticated] })
  .live("/a", userLive)
  .live("/b", maybeLive);
router
  .liveSession("current_user", { onMount: [mountCurrentUser] })
  .live("/c", maybeLive)
  .live("/d", publicLive);
router.liveSession("single", { onMount: ensureAuthenticated }).live("/e", userLive);
router.liveSession("none").live("/f", publicLive);
router.liveSession("empty", {}).live("/g", publicLive);
router.live("/h", publicLive).live("/i", publicLive, "show");

// A nullable user does not satisfy a view that needs a user.
// @ts-expect-error the session's hooks provide User | null
router.liveSession("refused_1", { onMount: [mountCurrentUser] }).live("/j", userLive);
// @ts-expect-error … nor with a single hook
router.liveSession("refused_2", { onMount: mountCurrentUser }).live("/k", userLive);
// @ts-expect-error a session without hooks provides nothing
router.liveSession("refused_3").live("/l", userLive);
// @ts-expect-error … nor does one without options
router.liveSession("refused_4", {}).live("/m", maybeLive);
// @ts-expect-error routes outside every live session have no hooks
router.live("/n", userLive);

// The error names the missing assigns.
export type Names = [
  Expect<
    Equal<
      Missing<{ currentUser: User; count: number }, { currentUser: User | null }>,
      { currentUser: User; count: number }
    >
  >,
  Expect<
    Equal<Missing<{ currentUser: User; tab: string }, { currentUser: User }>, { tab: string }>
  >,
  Expect<Equal<Missing<{ currentUser: User | null }, { currentUser: User }>, Record<never, never>>>,
  Expect<
    Equal<
      FoldHooks<readonly [typeof mountCurrentUser, typeof audit]>,
      { readonly "the hooks before do not provide": { currentUser: User } }
    >
  >,
];

// The order of hooks matters: a hook receives the assigns of earlier hooks, and may replace them.
router.liveSession("ordered", { onMount: [ensureAuthenticated, audit] }).live("/o", auditedLive);
router
  .liveSession("overwritten_1", { onMount: [mountCurrentUser, ensureAuthenticated] })
  .live("/p", userLive);
// @ts-expect-error audit runs before the hook that provides the user
router.liveSession("refused_5", { onMount: [audit, ensureAuthenticated] });
// @ts-expect-error audit needs a user who is not null
router.liveSession("refused_6", { onMount: [mountCurrentUser, audit] });
router
  .liveSession("refused_7", { onMount: [ensureAuthenticated, mountCurrentUser] })
  // @ts-expect-error the later hook makes the user nullable again
  .live("/q", userLive);

// A hook with two results provides the assigns of both.
declare const isStrict: boolean;
const mountByTwoConts = onMount("mountByTwoConts", async () => {
  const currentUser = await findUser();
  if (currentUser) return cont({ currentUser });
  return cont({ currentUser: null });
});
const mountSometimes = onMount("mountSometimes", async () => {
  const currentUser = await findUser();
  return currentUser ? cont({ currentUser }) : cont();
});
const mountOverText = onMount("mountOverText", () =>
  isStrict ? cont({ auditedAs: 1 }) : cont({ tab: 1 }),
);
router.liveSession("two_conts", { onMount: [mountByTwoConts] }).live("/c1", maybeLive);
router
  .liveSession("two_conts_then_one", { onMount: [mountByTwoConts, ensureAuthenticated, audit] })
  .live("/c2", userLive)
  .live("/c3", auditedLive);
// @ts-expect-error the user may be null
router.liveSession("refused_12", { onMount: [mountByTwoConts] }).live("/c4", userLive);
router
  .liveSession("refused_13", { onMount: [ensureAuthenticated, mountByTwoConts] })
  // @ts-expect-error … also after a hook that provides one
  .live("/c5", userLive);
// @ts-expect-error … for a hook that needs one, too
router.liveSession("refused_14", { onMount: [mountByTwoConts, audit] });
// @ts-expect-error there may be no user at all
router.liveSession("refused_15", { onMount: [mountSometimes] }).live("/c6", maybeLive);
const replaced = [ensureAuthenticated, audit, mountOverText] as const;
// @ts-expect-error a string may have been replaced by a number
router.liveSession("refused_16", { onMount: replaced }).live("/c7", auditedLive);

// The assigns of a list that is not a tuple are uncertain, but its needs and replacements are known.
const shared = [ensureAuthenticated, audit] as const;
router.liveSession("shared", { onMount: shared }).live("/l1", auditedLive);
router.liveSession("shared_in_part", { onMount: [...shared, pass] }).live("/l2", auditedLive);
const loose = [ensureAuthenticated, audit];
router.liveSession("loose", { onMount: [ensureAuthenticated, ...loose] }).live("/l3", userLive);
const looseMaybes = [mountCurrentUser];
// @ts-expect-error the user may be missing where audit needs it
router.liveSession("refused_17", { onMount: loose });
const passing = [pass, audit];
// @ts-expect-error … after any hook
router.liveSession("refused_21", { onMount: passing });
// @ts-expect-error the list may be empty
router.liveSession("refused_18", { onMount: looseMaybes }).live("/l4", maybeLive);
router
  .liveSession("refused_19", { onMount: [ensureAuthenticated, ...looseMaybes] })
  // @ts-expect-error the list may make the user nullable
  .live("/l5", userLive);
const either = isStrict ? shared : ([audit] as const);
// @ts-expect-error one of the two lacks the user
router.liveSession("refused_20", { onMount: either });

// Hooks that provide nothing or always halt keep the assigns of earlier hooks.
router.liveSession("passing", { onMount: [ensureAuthenticated, pass] }).live("/r", userLive);
router.liveSession("denying", { onMount: [ensureAuthenticated, deny] }).live("/s", userLive);
router.liveSession("denied", { onMount: deny }).live("/t", publicLive);

// A view's own hooks need assigns of the view, and set them with the view's types.
const render = () => html`<p></p>`;
liveView("OwnLive", { types: {} as { needs: { currentUser: User } }, onMount: audit, render });
liveView("OwnLive", {
  types: {} as { needs: { currentUser: User } },
  onMount: [audit, pass],
  render,
});
liveView("OwnLive", {
  types: {} as { own: { currentUser: User } },
  onMount: [ensureAuthenticated, audit],
  render,
});
liveView("OwnLive", {
  types: {} as { needs: { currentUser: User | null } },
  onMount: [mountByTwoConts],
  render,
});
liveView("OwnLive", {
  types: {} as { needs: { activeNav: string | null } },
  onMount: nav(() => null),
  render,
});
const ownHookLive = liveView("OwnLive", { onMount: ensureAuthenticated, render });
router.liveSession("own_hook").live("/r1", ownHookLive);
// @ts-expect-error the option is handleEvent
liveView("OwnLive", { handleEvents: { inc: () => {} }, render });
liveView("OwnLive", {
  types: {} as { own: { tab: string } },
  handleEvent: {},
  // @ts-expect-error … nor is there a callback of this name
  onUnmount() {},
  render,
});
// @ts-expect-error the view has no user
liveView("OwnLive", { onMount: audit, render });
// @ts-expect-error … in a list, too
liveView("OwnLive", { types: {} as { needs: { tab: string } }, onMount: [pass, audit], render });
liveView("OwnLive", {
  types: {} as { needs: { currentUser: User | null } },
  // @ts-expect-error … or one that may be null
  onMount: [pass, audit],
  render,
});
liveView("OwnLive", {
  types: {} as { needs: { currentUser: User } },
  // @ts-expect-error the hook makes the view's user nullable
  onMount: mountCurrentUser,
  render,
});
liveView("OwnLive", {
  types: {} as { needs: { currentUser: User } },
  // @ts-expect-error … after one that provides nothing, too
  onMount: [pass, mountCurrentUser],
  render,
});
liveView("OwnLive", {
  types: {} as { needs: { currentUser: User } },
  // @ts-expect-error … by one of two results
  onMount: [mountByTwoConts],
  render,
});

// The types of the ready-made hooks contain their assigns.
const navLive = liveView("NavLive", {
  types: {} as { needs: { activeNav: string | null } },
  render: ({ activeNav }) => html`${activeNav}`,
});
const hooks = { onMount: [mountCurrentUser, nav(() => null), notifications()] } as const;
router.liveSession("ready_made", hooks).live("/u", navLive).live("/v", maybeLive);

// TypeScript infers the parameter types of functions in options.
router.liveSession("functions", {
  session: (ctx) => ({ tenant: ctx.state }),
  use: async (ctx, next) => {
    ctx.state = {};
    await next();
  },
  layout: ({ content }) => html`<main>${content}</main>`,
  rootLayout: false,
});
router.liveSession("functions_with_hooks", {
  onMount: [ensureAuthenticated],
  use: [async (_ctx, next) => next()],
});
// @ts-expect-error no such option
router.liveSession("refused_8", { onmount: [] });
// @ts-expect-error a function is not a hook
router.liveSession("refused_9", { onMount: [() => cont()] });
// @ts-expect-error a layout is a function or false
router.liveSession("refused_10", { layout: true });
// @ts-expect-error not a view
router.liveSession("refused_11").live("/w", { name: "X" });

// A halt on mount requires a destination.
onMount("a", () => halt(navigate("/")));
// @ts-expect-error no destination
onMount("b", () => halt());
// @ts-expect-error a reply is not a destination
onMount("c", () => halt(reply({ a: 1 })));
// @ts-expect-error a mount returns cont or halt
onMount("d", () => {});
// @ts-expect-error … with an annotated context, too
onMount("e", (_context: MountContext<{ currentUser: User }>) => halt());

declare const socket: Socket<{ count: number }>;

// Only handleEvent hooks reply.
socket.attachHook("a", "handleEvent", () => halt(reply({ a: 1 })));
socket.attachHook("b", "handleEvent", async ({ event }) => (event === "x" ? halt() : cont()));
// @ts-expect-error no reply to a message
socket.attachHook("c", "handleInfo", () => halt(reply({ a: 1 })));
// @ts-expect-error no reply to params
socket.attachHook("d", "handleParams", () => halt(reply({ a: 1 })));
// @ts-expect-error no reply to an outcome
socket.attachHook("e", "handleAsync", () => halt(reply({ a: 1 })));
// @ts-expect-error an afterRender hook cannot halt
socket.attachHook("f", "afterRender", () => halt());
socket.attachHook("g", "afterRender", () => {});
// @ts-expect-error only an on-mount hook halts with a destination
socket.attachHook("h", "handleEvent", () => halt(redirect("/")));
// @ts-expect-error no such stage
socket.attachHook("i", "mount", () => cont());
// @ts-expect-error no such stage
socket.detachHook("i", "handle_event");
// @ts-expect-error events hooks return cont or halt
socket.attachHook("j", "handleEvent", () => {});
socket.attachHook("k", "handleInfo", ({ message, socket: { assigns } }) => {
  // @ts-expect-error a message is unknown until checked
  message.type;
  assigns.count.toFixed();
  return cont();
});

// Assigns of an attached hook must have the types of its socket, if those contain them.
socket.attachHook("l", "handleEvent", () => cont({ count: 1 }));
socket.attachHook("m", "handleEvent", () => cont({ other: "text" }));
// @ts-expect-error count is a number
socket.attachHook("n", "handleEvent", () => cont({ count: "no number" }));
// @ts-expect-error … also with another assign
socket.attachHook("o", "handleInfo", async () => cont({ other: 1, count: "no number" }));
socket.attachHook("p", "handleEvent", ({ event }) =>
  // @ts-expect-error … or only sometimes
  event === "x" ? halt() : cont({ count: null }),
);
// @ts-expect-error … or after a render
socket.attachHook("q", "afterRender", () => cont({ count: "no number" }));
// @ts-expect-error … or with the stage and the assigns named
socket.attachHook<"handleInfo", { tab: string }>("r", "handleInfo", () => cont({ tab: 1 }));
onMount("untyped", ({ socket }) => {
  socket.attachHook("s", "handleParams", () => cont({ tab: socket.liveAction }));
  return cont();
});
onMount("needing", ({ socket }: MountContext<{ currentUser: User }>) => {
  socket.attachHook("t", "handleParams", () => cont({ tab: socket.liveAction }));
  // @ts-expect-error the user is never null
  socket.attachHook("u", "handleParams", () => cont({ currentUser: null }));
  return cont();
});

// assignNew requires the type of the assign.
export const made: Promise<number> = socket.assignNew("count", () => 1);
export const madeToo: Promise<string> = socket.assignNew("other", async () => "text");
export const named: Promise<User | null> = socket.assignNew<User | null>("currentUser", () => null);
// @ts-expect-error count is a number
void socket.assignNew("count", () => "x");
// @ts-expect-error … of a promise, too
void socket.assignNew("count", async () => null);

// Assigns are typed in render, handlers and callbacks.
export const typedLive = liveView("TypedLive", {
  types: {} as {
    needs: { currentUser: User };
    own: { count: number; label?: AsyncResult<string> };
  },
  mount({ socket, params, session }) {
    socket.assign({ count: 0 });
    // @ts-expect-error count is a number
    socket.assign({ count: "0" });
    // @ts-expect-error no such assign
    socket.assign({ total: 0 });
    // @ts-expect-error assigns are read-only
    socket.assigns.count = 1;
    // @ts-expect-error a param may be missing, a list or an object
    params.id satisfies string;
    // @ts-expect-error session data is unknown until checked
    session.userToken satisfies string;
    socket.assignAsync("label", () => "x");
    // @ts-expect-error label loads a string
    socket.assignAsync("label", async () => 5);
    // @ts-expect-error count is not an AsyncResult
    socket.assignAsync("count", () => 5);
    socket.provide("count", "currentUser");
    // @ts-expect-error no such assign
    socket.provide("total");
    // @ts-expect-error no such assign
    socket.assignAsync("total", () => 1);
  },
  handleEvent: {
    inc({ socket, payload }) {
      socket.assign({ count: socket.assigns.count + 1 });
      socket.assigns.currentUser.email satisfies string;
      // @ts-expect-error a payload without a schema is unknown
      payload.id;
      return reply({ count: 1 });
    },
  },
  render: ({ count, currentUser, flash, liveAction, csrfToken }, { id }) => {
    count satisfies number;
    currentUser satisfies User;
    flash.info satisfies string | undefined;
    liveAction satisfies string | null;
    return html`<p id=${id}>${count}${csrfToken}</p>`;
  },
});
liveView("WrongLive", {
  types: {} as {
    needs: { currentUser: User };
    own: { count: number; label?: AsyncResult<string> };
  },
  handleEvent: {
    // @ts-expect-error a handler returns a reply or nothing
    bad: () => ({ count: 1 }),
  },
  render: () => html``,
});
export type Typed = Expect<
  Equal<
    typeof typedLive,
    LiveView<
      { currentUser: User },
      { count: number; label?: AsyncResult<string> },
      {
        readonly inc: {
          readonly payload: Readonly<Record<string, unknown>>;
          readonly reply: { readonly count: number };
        };
      },
      Record<never, never>
    >
  >
>;

// A schema types the payload.
declare const schema: StandardSchemaV1<unknown, { readonly age: number }>;
export const checkedLive = liveView("CheckedLive", {
  types: {} as { own: { age: number } },
  handleEvent: {
    save: liveEvent(schema, ({ payload, socket }) => {
      payload.age satisfies number;
      // @ts-expect-error not in the schema
      payload.name;
      socket.assign({ age: payload.age });
      // @ts-expect-error age is a number
      socket.assign({ age: "5" });
    }),
  },
  render: ({ age }) => html`<p>${age}</p>`,
});
// @ts-expect-error a schema needs a handler
liveEvent(schema);
// @ts-expect-error not a schema
liveEvent({ parse() {} }, () => {});

// A view may declare the params of its path. Each of its routes must have them.
const roomLive = liveView("RoomLive", {
  types: {} as { params: { id: string } },
  mount({ params }) {
    params.id satisfies string;
    // @ts-expect-error another param may be missing
    params.tab satisfies string;
  },
  handleParams({ params }) {
    params.id satisfies string;
  },
  render: () => html``,
});
const filesLive = liveView("FilesLive", {
  types: {} as { params: { path: readonly string[] } },
  render: () => html``,
});
router.live("/rooms/:id", roomLive).live("/houses/:house/rooms-:id", roomLive);
router.live("/files/*path", filesLive);
declare const anyPath: string;
// @ts-expect-error the param has another name
router.live("/rooms/:room", roomLive);
// @ts-expect-error the param is optional
router.live("/rooms{/:id}", roomLive);
// @ts-expect-error the params of a path that is not a literal are unknown
router.live(anyPath, roomLive);
// @ts-expect-error the param is a string, not a list
router.live("/files/:path", filesLive);
// @ts-expect-error … in a live session, too
router.liveSession("refused_22").live("/rooms", roomLive);

// A schema types the params, and each path must have those that it requires.
declare const pageParams: StandardSchemaV1<
  { readonly id: number; readonly page?: number },
  { readonly id: number; readonly page: number }
>;
const pagedLive = liveView("PagedLive", {
  types: {} as { own: { page: number } },
  params: pageParams,
  mount({ params, socket }) {
    params.id satisfies number;
    socket.assign({ page: params.page });
    // @ts-expect-error a number
    params.id satisfies string;
  },
  handleParams({ params }) {
    params.page satisfies number;
  },
  render: () => html``,
});
router.live("/paged/:id", pagedLive).live("/paged/:page/:id", pagedLive);
// @ts-expect-error the path has no id
router.live("/pages/:page", pagedLive);
// @ts-expect-error … only an optional one
router.live("/pages{/:id}", pagedLive);
// @ts-expect-error not a schema
liveView("WrongLive", { params: { id: Number }, render: () => html`` });
