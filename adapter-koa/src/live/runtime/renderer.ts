import {
  type JoinReply,
  type PatchOperation,
  type Update,
  version,
  type WireValue,
} from "@live-session/components/protocol";
import { createPatch } from "../../render/create-patch.js";
import { diff } from "../../render/diff.js";
import { TreeBuilder } from "../../render/tree-builder.js";
import type { Layout } from "../declarations/layout.js";
import { firstNonJson } from "../json.js";
import { LiveError } from "../live-error.js";
import { type Socket, stateOf } from "../socket/socket.js";
import { AssignReads } from "./assign-reads.js";
import { toPage } from "./page.js";

/** What a renderer needs besides the socket. */
export interface RendererOptions {
  readonly layout: Layout | undefined;
  readonly navigations: number;
}

/**
 * Keeps what the browser was last sent of a view, and works out what it has to be sent. The caller
 * sends whatever a call returns, or the two drift apart.
 */
export class Renderer {
  readonly #socket: Socket;
  readonly #options: RendererOptions;
  #tree: WireValue | undefined;
  #provided: Readonly<Record<string, unknown>> = {};
  #title: string | undefined;
  /** Kept only while the view shows a keyed list: it costs each render a little. */
  #reads: AssignReads | undefined = new AssignReads();
  #lends = false;

  readonly #mayReuse = (list: unknown): boolean => {
    const { assigns, assignsRead, changed } = stateOf(this.#socket);
    return (
      this.#lends && !assignsRead && this.#reads?.dependOnlyOn(list, changed, assigns) === true
    );
  };

  constructor(socket: Socket, options: RendererOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** The whole page, for the reply to a join. */
  all(): JoinReply {
    const state = stateOf(this.#socket);
    const { flash, ...provided } = this.#provide();
    const rendered = this.#render();
    state.rendered();
    return { version, rendered, provided, flash: flash as JoinReply["flash"] };
  }

  /** What changed on the page since the last call, or `undefined` when the browser has it all. */
  changes(): Update | undefined {
    const state = stateOf(this.#socket);
    if (state.changed.size === 0) return undefined;
    state.rendering();
    const patch = this.#providedPatch();
    const old = this.#tree as WireValue;
    const changes = diff(old, this.#render());
    state.rendered();
    if (!changes && !patch) return undefined;
    const update: { -readonly [Key in keyof Update]: Update[Key] } = {};
    if (changes) update.diff = changes;
    if (patch) update.provided = patch;
    return update;
  }

  /**
   * What takes no render: the title, if it changed, and the events pushed. Asked for last, so that what
   * `afterRender` hooks bring of these is there as well.
   */
  titleAndEvents(): Pick<Update, "title" | "events"> | undefined {
    const state = stateOf(this.#socket);
    const events = state.takeEvents();
    const { title } = state;
    if (title === this.#title) return events && { events };
    this.#title = title;
    return { title: title ?? "", ...(events && { events }) };
  }

  #render(): WireValue {
    const state = stateOf(this.#socket);
    const { layout, navigations } = this.#options;
    const reads = this.#reads;
    state.assignsRead = false;
    const page = toPage(this.#socket, layout, navigations, reads);
    const builder = new TreeBuilder(this.#mayReuse, state.view.name);
    const tree = builder.child(page, this.#tree);
    // Rows rendered while nobody took note are rendered once more before they can be lent.
    this.#lends = builder.hasKeyedLists && reads !== undefined && !state.assignsRead;
    if (!builder.hasKeyedLists) this.#reads = undefined;
    else this.#reads ??= new AssignReads();
    this.#tree = tree;
    return tree;
  }

  /** The provided assigns as they are now; they count as sent. */
  #provide(): Readonly<Record<string, unknown>> {
    const { assigns, flash, provided, view } = stateOf(this.#socket);
    const snapshot: Record<string, unknown> = { flash };
    for (const key of provided) {
      const value = assigns[key];
      if (value === undefined) continue;
      if (value !== this.#provided[key]) assertJson(view.name, key, value);
      snapshot[key] = value;
    }
    this.#provided = snapshot;
    return snapshot;
  }

  #providedPatch(): readonly PatchOperation[] | undefined {
    const { changed, provided } = stateOf(this.#socket);
    if (
      !changed.has("flash") &&
      !provided.some((key) => changed.has(key) || !(key in this.#provided))
    )
      return undefined;
    const before = this.#provided;
    const operations = createPatch(before, this.#provide());
    return operations.length === 0 ? undefined : operations;
  }
}

function assertJson(view: string, key: string, value: unknown): void {
  const path = firstNonJson(value, key);
  if (path === undefined) return;
  throw new LiveError(
    "LIVE_ERR_PROVIDE",
    `${view} provides the assign "${key}" with something else than JSON`,
    {
      expected: `JSON data at ${path}`,
    },
  );
}
