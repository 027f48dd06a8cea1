import {
  applyDiff,
  applyPatch,
  type EventReply,
  type FlashMessages,
  type JoinReply,
  type KeptState,
  type NavigationTarget,
  type PushedEvent,
  type RedirectTarget,
  type Update,
  type WireValue,
} from "@live-session/components/protocol";
import { type NestedElement, nestedElementsOf } from "../../live/nested/nested-element.js";
import { encodeHtml, type NestedContent } from "../../render/html/encode-html.js";
import type { ReceivedTemplates } from "./received-templates.js";

/** The target of a view's redirect or navigation. */
export interface Departure {
  /** `redirect`: a page load; `navigate`: another view of the live session. */
  readonly type: "redirect" | "navigate";
  readonly to: string;
  readonly kind: "push" | "replace";
  /** Signed flash for the next page. */
  readonly flash?: string | undefined;
}

/** The state of a joined view in the client; each frame updates it. */
export class ViewState {
  readonly #templates: ReceivedTemplates;
  #tree: WireValue;
  #provided: Readonly<Record<string, unknown>>;
  /** The title that the view set last. */
  title: string | undefined;
  /** Events that the view pushed and no assertion has removed. */
  readonly events: PushedEvent[] = [];
  /** Patches that no assertion has removed, newest last. */
  readonly patches: NavigationTarget[] = [];
  departure: Departure | undefined;
  /** The kept assigns, which the next join sends. */
  kept: KeptState | undefined;
  url: URL;

  /** @param templates the templates of the connection, because the strings of each are sent only once */
  constructor(reply: JoinReply, templates: ReceivedTemplates, url: URL) {
    this.#templates = templates;
    this.url = url;
    templates.add(reply.templates);
    this.#tree = reply.rendered;
    this.#provided = { ...reply.provided, flash: reply.flash };
    this.title = reply.title;
    this.kept = reply.kept;
    this.events.push(...(reply.events ?? []));
    if (reply.patch) this.patched(reply.patch);
  }

  /** The provided data, without the flash. */
  get provided(): Readonly<Record<string, unknown>> {
    const { flash: _, ...provided } = this.#provided;
    return provided;
  }

  get flash(): FlashMessages {
    return this.#provided.flash as FlashMessages;
  }

  /** The elements of the nested views that the view shows. */
  get nested(): readonly NestedElement[] {
    return nestedElementsOf(this.#tree);
  }

  /** Returns the HTML of the view, as a page of the server contains it. */
  toHtml(content?: NestedContent): string {
    this.#templates.check(this.#tree);
    return encodeHtml(this.#tree, content);
  }

  /** Applies the changes of a frame, then its navigation. */
  update(update: EventReply): void {
    this.#apply(update);
    const { live_patch: patch, live_redirect: navigation, redirect } = update;
    if (patch) this.patched(patch);
    if (navigation) this.departure = { type: "navigate", ...navigation };
    if (redirect) this.departure = toDeparture(redirect);
  }

  /** Records a patch. */
  patched(patch: NavigationTarget): void {
    this.patches.push(patch);
    this.url = new URL(patch.to, this.url);
  }

  #apply({ templates, diff, provided, title, events, kept }: Update): void {
    this.#templates.add(templates);
    if (diff) this.#tree = applyDiff(this.#tree, diff);
    if (provided) this.#provided = applyPatch(this.#provided, provided);
    if (title !== undefined) this.title = title;
    if (events) this.events.push(...events);
    if (kept) this.kept = kept;
  }
}

/** Returns the departure for a redirect. */
export const toDeparture = ({ to, flash }: RedirectTarget): Departure => ({
  type: "redirect",
  to,
  kind: "push",
  flash,
});
