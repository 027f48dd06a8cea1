import {
  applyDiff,
  applyPatch,
  type EventReply,
  type FlashMessages,
  type JoinReply,
  type NavigationTarget,
  type PushedEvent,
  type RedirectTarget,
  type Update,
  type WireValue,
} from "@live-session/components/protocol";
import { toHtml } from "../../render/html.js";
import type { WireTemplates } from "../../render/wire-templates.js";

/** Where a view led the browser. */
export interface Departure {
  /** `redirect`: a page load; `navigate`: another view of the live session. */
  readonly type: "redirect" | "navigate";
  readonly to: string;
  readonly kind: "push" | "replace";
  /** Signed flash for the next page. */
  readonly flash?: string | undefined;
}

/** What a browser knows of a joined view, brought up to date frame by frame. */
export class ViewState {
  readonly #templates: WireTemplates;
  #tree: WireValue;
  #provided: Readonly<Record<string, unknown>>;
  /** The page's title as the view last set it. */
  title: string | undefined;
  /** Events that the view pushed and no check has taken. */
  readonly events: PushedEvent[] = [];
  /** Patches, newest last, that no check has taken. */
  readonly patches: NavigationTarget[] = [];
  departure: Departure | undefined;
  url: URL;

  /** @param templates those of the connection: each one's strings come once */
  constructor(reply: JoinReply, templates: WireTemplates, url: URL) {
    this.#templates = templates;
    this.url = url;
    templates.add(reply.templates);
    this.#tree = reply.rendered;
    this.#provided = { ...reply.provided, flash: reply.flash };
    this.title = reply.title;
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

  /** The view's HTML. */
  toHtml(): string {
    return toHtml(this.#templates.toLit(this.#tree));
  }

  /** Applies what changed, then goes where the view leads. */
  update(update: EventReply): void {
    this.#apply(update);
    const { live_patch: patch, live_redirect: navigation, redirect } = update;
    if (patch) this.patched(patch);
    if (navigation) this.departure = { type: "navigate", ...navigation };
    if (redirect) this.departure = toDeparture(redirect);
  }

  /** Takes note of a patch that has been made. */
  patched(patch: NavigationTarget): void {
    this.patches.push(patch);
    this.url = new URL(patch.to, this.url);
  }

  #apply({ templates, diff, provided, title, events }: Update): void {
    this.#templates.add(templates);
    if (diff) this.#tree = applyDiff(this.#tree, diff);
    if (provided) this.#provided = applyPatch(this.#provided, provided);
    if (title !== undefined) this.title = title;
    if (events) this.events.push(...events);
  }
}

/** The departure of a redirect. */
export const toDeparture = ({ to, flash }: RedirectTarget): Departure => ({
  type: "redirect",
  to,
  kind: "push",
  flash,
});
