import {
  type JoinReply,
  type KeptState,
  type PatchOperation,
  type Update,
  version,
  type WireValue,
} from "@live-session/components/protocol";
import { createPatch } from "../../render/create-patch.js";
import { diff } from "../../render/diff.js";
import type { ListOrigins } from "../../render/row-runs.js";
import { TreeBuilder } from "../../render/tree-builder.js";
import { emptyList } from "../empty-list.js";
import type { IdleView, IdleViews } from "../hibernation/idle-views.js";
import { PackedTree } from "../hibernation/packed-tree.js";
import { firstNonJson } from "../json.js";
import { LiveError } from "../live-error.js";
import { KeptAssigns, type KeptValues } from "../socket/kept-assigns.js";
import type { Layout } from "../socket/layout.js";
import { AssignReads } from "./assign-reads.js";
import { RenderedLayout, toPage } from "./page.js";
import type { SocketMark, ViewSocket } from "./view-socket.js";

/** The options of a renderer. */
export interface RendererOptions {
  readonly layout: Layout | undefined;
  readonly navigations: number;
  /** Puts the view to sleep when it has not been rendered for some time. */
  readonly idleViews: IdleViews;
  /** Seals the kept assigns; `undefined` if the browser cannot keep them. */
  seal(values: KeptValues): KeptState | undefined;
}

/** A rendered tree, and how its keyed lists were derived from those of the tree before. */
interface Rendered {
  readonly tree: WireValue;
  readonly origins: ListOrigins | undefined;
}

/**
 * Renders a view and computes the update for its browser. It stores what the browser was sent last, so the caller
 * must send every result.
 */
export class Renderer implements IdleView {
  readonly #socket: ViewSocket;
  readonly #options: RendererOptions;
  /** `undefined` until the first render, and while the view sleeps. */
  #lastLayout: RenderedLayout | undefined;
  /** The tree that the browser shows. */
  #tree: WireValue | PackedTree | undefined;
  #provided: Readonly<Record<string, unknown>> = {};
  #title: string | undefined;
  renderedAt = 0;
  /** `undefined` for views without a keyed list, because the proxies make each render a little slower. */
  #reads: AssignReads | undefined = new AssignReads();
  #canReuseRows = false;
  /** The state of the socket before the message that is being handled. */
  #mark: SocketMark | undefined;
  /** Changes that were rendered while a message was being handled, for the next run of the `afterRender` hooks. */
  #renderedChanges: readonly string[] = emptyList;

  constructor(socket: ViewSocket, options: RendererOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** Renders the whole page, for the reply to a join. */
  all(): JoinReply {
    const { tree: rendered } = this.#render(undefined);
    const { flash, ...provided } = this.#provide();
    const kept = this.#sealFirst();
    this.#options.idleViews.add(this);
    this.#socket.endRender();
    return {
      version,
      rendered,
      provided,
      flash: flash as JoinReply["flash"],
      ...(kept && { kept }),
    };
  }

  /** Renders the changes since the last call. Returns `undefined` if there are none. */
  changes(): Update | undefined {
    const socket = this.#socket;
    const hasChanged = socket.changed.size > 0;
    if (!hasChanged && !socket.components?.hasChanges) return undefined;
    if (hasChanged) socket.beginRender();
    const old = this.#wake() as WireValue;
    const { tree, origins } = hasChanged ? this.#render(old) : this.#renderComponents(old);
    const changes = diff(old, tree, origins);
    const patch = this.#providedPatch();
    const kept = this.changesOfKept();
    if (hasChanged) socket.endRender();
    if (!changes && !patch && !kept) return undefined;
    const update: { -readonly [Key in keyof Update]: Update[Key] } = {};
    if (changes) update.diff = changes;
    if (patch) update.provided = patch;
    if (kept) update.kept = kept;
    return update;
  }

  /**
   * Packs the tree, and releases what a later render computes again. The next render unpacks the tree and compares with
   * it: the view rendered again might show something other than what the browser shows.
   */
  hibernate(): void {
    this.#lastLayout = undefined;
    this.#reads = undefined;
    this.#canReuseRows = false;
    const tree = this.#tree;
    if (tree === undefined || tree instanceof PackedTree) return;
    const packed = PackedTree.of(tree);
    if (!packed) return;
    this.#socket.components?.release(tree);
    this.#tree = packed;
  }

  /** Ends the renderer with its view. */
  end(): void {
    this.#options.idleViews.delete(this);
  }

  /** Returns what the browser shows. */
  #wake(): WireValue | undefined {
    this.#options.idleViews.add(this);
    const packed = this.#tree;
    if (!(packed instanceof PackedTree)) return packed;
    const tree = packed.unpack();
    this.#socket.components?.restore(tree);
    return tree;
  }

  /** Remembers what the socket shows now, for {@link changesAtMark}. */
  mark(): void {
    this.#mark = this.#socket.mark();
  }

  /**
   * Renders what the socket showed at the last mark, because the callback since then has not ended. `afterRender` hooks must
   * not run during that callback, so the next run receives these changes too.
   */
  changesAtMark(): Update | undefined {
    const mark = this.#mark;
    if (!mark) return undefined;
    this.#mark = undefined;
    this.#renderedChanges = [...this.#renderedChanges, ...mark.changed];
    return this.#socket.showMark(mark, () => this.withTitleAndEvents(this.changes()));
  }

  /** Returns the names of the assigns that have changed since the last run of the `afterRender` hooks. */
  takeChanged(): ReadonlySet<string> {
    const { changed } = this.#socket;
    if (this.#renderedChanges.length === 0) return changed;
    const all = new Set([...this.#renderedChanges, ...changed]);
    this.#renderedChanges = emptyList;
    return all;
  }

  /** Adds {@link titleAndEvents} to an update. */
  withTitleAndEvents(update: Update | undefined): Update | undefined {
    const more = this.titleAndEvents();
    return more ? { ...update, ...more } : update;
  }

  /** Returns the kept assigns if one of them has changed since the last render. */
  changesOfKept(): KeptState | undefined {
    const { kept, changed, components } = this.#socket;
    return kept?.includeAny(changed) || components?.hasKeptChanges ? this.#seal() : undefined;
  }

  /** Seals the kept assigns for the reply to a join, unless no value is kept. */
  #sealFirst(): KeptState | undefined {
    const values = this.#collectKept();
    const isEmpty = Object.values(values ?? {}).every((each) => Object.keys(each).length === 0);
    return values && !isEmpty ? this.#options.seal(values) : undefined;
  }

  #seal(): KeptState | undefined {
    const values = this.#collectKept();
    return values && this.#options.seal(values);
  }

  #collectKept(): KeptValues | undefined {
    const { assigns, view, components } = this.#socket;
    const ofComponents = components?.kept();
    const kept = this.#socket.kept ?? (ofComponents && new KeptAssigns());
    return kept?.collect(assigns, view.name, ofComponents);
  }

  /**
   * Returns the title, if it has changed, and the pushed events. Neither needs a render. Call it after the
   * `afterRender` hooks, which may push events and set the title too.
   */
  titleAndEvents(): Pick<Update, "title" | "events"> | undefined {
    const events = this.#socket.takeEvents();
    const title = this.#socket.pageTitle;
    if (title === this.#title) return events && { events };
    this.#title = title;
    return { title: title ?? "", ...(events && { events }) };
  }

  #render(old: WireValue | undefined): Rendered {
    const reads = this.#reads;
    this.#lastLayout ??= new RenderedLayout(this.#options.navigations);
    const page = toPage(this.#socket, {
      layout: this.#options.layout,
      reads,
      lastLayout: this.#lastLayout,
    });
    const builder = new TreeBuilder(() => this.#mayReuse(), this.#socket.view.name, this.#socket);
    this.#socket.components?.begin();
    this.#socket.nested?.begin();
    const built = builder.child(page, old);
    const tree = this.#socket.components?.finish(built, builder) ?? built;
    this.#socket.nested?.finish(tree);
    // Rows can be reused only if this render recorded what they read.
    this.#canReuseRows = builder.hasKeyedLists && reads !== undefined;
    if (!builder.hasKeyedLists) this.#reads = undefined;
    else this.#reads ??= new AssignReads();
    this.#rendered(tree);
    return { tree, origins: builder.origins };
  }

  #mayReuse(): boolean {
    const { changed } = this.#socket;
    return (
      this.#canReuseRows &&
      this.#reads?.includeAny(changed) === false &&
      this.#lastLayout?.hasRead(changed) === false
    );
  }

  /** Renders the components that have changed, while the rest of the page stays the same. */
  #renderComponents(old: WireValue): Rendered {
    const builder = new TreeBuilder(undefined, this.#socket.view.name, this.#socket);
    this.#socket.components?.begin();
    this.#socket.nested?.begin();
    const tree = this.#socket.components?.renderChanged(old, builder) ?? old;
    this.#socket.nested?.finish(tree);
    this.#rendered(tree);
    return { tree, origins: builder.origins };
  }

  #rendered(tree: WireValue): void {
    this.#tree = tree;
    this.renderedAt = performance.now();
  }

  /** Returns the current provided assigns and stores them as sent. */
  #provide(): Readonly<Record<string, unknown>> {
    const { assigns, provided, view, components } = this.#socket;
    const snapshot: Record<string, unknown> = { flash: assigns.flash };
    for (const key of provided) {
      const value = assigns[key];
      if (value === undefined) {
        this.#socket.assertAssigned(key);
        continue;
      }
      if (value !== this.#provided[key]) assertJson(view.name, key, value);
      snapshot[key] = value;
    }
    for (const [key, value] of Object.entries(components?.provided() ?? {})) {
      if (value !== this.#provided[key]) assertJson(view.name, key, value);
      if (value !== undefined) snapshot[key] = value;
    }
    this.#provided = snapshot;
    return snapshot;
  }

  #providedPatch(): readonly PatchOperation[] | undefined {
    const { changed, provided, components } = this.#socket;
    if (
      !components?.hasProvidedChanges &&
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
  throw new LiveError("LIVE_ERR_PROVIDE", `the assign "${key}" provided by ${view} is not JSON`, {
    expected: `JSON at ${path}`,
  });
}
