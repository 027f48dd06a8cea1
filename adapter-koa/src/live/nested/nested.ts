import { type DeclaredView, isLiveView } from "../declarations/live-view.js";
import { LiveError } from "../live-error.js";
import type { LiveView } from "../socket/socket.js";
import { NestedUse } from "./nested-use.js";

/** The options of a nested view. Its session data is required if the view declares its type. */
export type NestedOptions<Session = unknown> = {
  /** The id of its `<live-session>` element, which no other element of the page may have. */
  readonly id: string;
  /** Whether the view survives live navigations of the page, while the next page contains it too; `false` by default. */
  readonly sticky?: boolean;
} & (unknown extends Session
  ? { readonly session?: Readonly<Record<string, unknown>> }
  : { readonly session: Session });

/**
 * Shows another view inside the template of a view or a layout. The nested view has its own state and its own channel on the
 * connection of the page. The hooks of the live session run for it, and an error in it or in its parent does not affect the
 * other. It ends when the parent no longer shows it; with `sticky` it survives live navigations. It has no URL, so it
 * receives no `params` and cannot be patched; its links and redirects navigate the page.
 *
 * The first render decides the `session` of its `mount`. Later renders do not change a running view.
 *
 * @example
 * render: ({ room }) => html`
 *   <h1>${room.name}</h1>
 *   ${nested(chatLive, { id: `chat-${room.id}`, session: { room: room.id } })}`
 *
 * @throws LiveError `LIVE_ERR_NESTED` when an option is invalid, or the view has `handleParams` or a schema of params
 */
export function nested<Session = unknown>(
  view: LiveView<never, never, unknown, unknown, unknown, Session>,
  options: NestedOptions<Session>,
): NestedUse {
  const { id, sticky = false, session = {} }: Partial<NestedOptions> = Object(options);
  const declared: unknown = view;
  assertNestable(declared);
  assertOption(declared, "id", id, "a non-empty string", typeof id === "string" && id !== "");
  assertOption(declared, "sticky", sticky, "a boolean", typeof sticky === "boolean");
  const isObject = typeof session === "object" && session !== null && !Array.isArray(session);
  assertOption(declared, "session", session, "an object", isObject);
  return new NestedUse(declared, id as string, sticky, session);
}

function assertNestable(view: unknown): asserts view is DeclaredView {
  if (!isLiveView(view)) {
    throw new LiveError("LIVE_ERR_NESTED", "nested view is invalid", {
      expected: "a live view",
      got: view,
    });
  }
  const { handleParams, params } = view.definition;
  if (!handleParams && !params) return;
  throw new LiveError("LIVE_ERR_NESTED", `${view.name} cannot be nested: it needs a URL`, {
    expected: "a view without handleParams and params; pass what it needs as session",
  });
}

function assertOption(
  { name }: DeclaredView,
  option: string,
  value: unknown,
  expected: string,
  isValid: boolean,
): void {
  if (isValid) return;
  throw new LiveError("LIVE_ERR_NESTED", `${option} of the nested view ${name} is invalid`, {
    expected,
    got: value,
  });
}
