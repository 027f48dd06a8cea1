import type { MountData } from "../../context.js";
import { LiveServerEvent } from "../../events.js";
import {
  applyDiff,
  applyPatch,
  type JoinReply,
  type PushedEvent,
  type Templates,
  type Update,
  type WireValue,
} from "../../protocol/index.js";
import { show } from "../rendering/hydrate.js";
import { registerTemplates } from "../rendering/templates.js";
import { PageTitle } from "./page-title.js";
import { reuse } from "./reuse.js";

/** The element that provides the data of a view and dispatches its events. */
export interface ContentHost extends Pick<EventTarget, "dispatchEvent"> {
  mountData: MountData;
  /** The prefix of the names of binding attributes, `live-` by default. */
  readonly bindingPrefix: string;
  /** Called with the templates of an update before it is shown. The function that it returns is called afterwards. */
  beforeShow(templates: Templates | undefined): (() => void) | undefined;
}

/** The place where the content of a view is shown. */
export interface ContentOptions {
  /** Whether the title of the view is the title of the page. */
  readonly isMain: boolean;
  /** The element that shows the view. A view without a container only provides data. */
  readonly container: HTMLElement | undefined;
}

/**
 * The content of a live view in the page. Each update is applied in this order: the events that the view has pushed
 * with `dispatch: "before"`, the tree, the provided data, the title, and all other events.
 */
export class Content {
  readonly #host: ContentHost;
  readonly #options: ContentOptions;
  readonly #title = new PageTitle();
  #tree: WireValue = null;
  #isFrozen = false;

  constructor(host: ContentHost, options: ContentOptions) {
    this.#host = host;
    this.#options = options;
  }

  /**
   * Takes over the whole view from the reply to a join.
   *
   * @param isFrozen whether the page does not show the tree until {@link release}
   * @throws ProtocolError when a template is missing; errors of rendering.
   */
  mount({ rendered, provided, flash, ...update }: JoinReply, isFrozen = false): void {
    registerTemplates(update.templates, this.#ignored);
    this.#dispatch(update.events, "before");
    this.#isFrozen = isFrozen;
    this.#show(rendered, update.templates);
    this.#host.mountData = reuse(this.#host.mountData, { ...provided, flash });
    if (this.#options.isMain) this.#title.start(update.title);
    this.#dispatch(update.events);
  }

  /**
   * Shows the current tree after a delay.
   *
   * @throws errors of rendering.
   */
  release(): void {
    this.#isFrozen = false;
    this.#show(this.#tree, undefined, true);
  }

  /**
   * Applies an update.
   *
   * @throws ProtocolError when the update does not fit the tree or the data; errors of rendering.
   */
  update(update: Update): void {
    registerTemplates(update.templates, this.#ignored);
    this.#dispatch(update.events, "before");
    if (update.diff && this.#options.container) {
      this.#show(applyDiff(this.#tree, update.diff), update.templates, true);
    }
    if (update.provided) this.#host.mountData = applyPatch(this.#host.mountData, update.provided);
    if (update.title !== undefined && this.#options.isMain) this.#title.set(update.title);
    this.#dispatch(update.events);
  }

  get #ignored(): string {
    return `[${this.#host.bindingPrefix}ignore]`;
  }

  #show(tree: WireValue, templates: Templates | undefined, isUpdate = false): void {
    const { container } = this.#options;
    this.#tree = tree;
    if (!container) return;
    const afterShow = this.#host.beforeShow(templates);
    try {
      if (!this.#isFrozen) show(tree, container, this.#ignored, isUpdate);
    } finally {
      afterShow?.();
    }
  }

  #dispatch(events: Update["events"] = [], when?: PushedEvent[2]): void {
    for (const [name, payload, dispatch] of events) {
      if (dispatch !== when) continue;
      this.#host.dispatchEvent(new LiveServerEvent(name, payload));
      dispatchEvent(new CustomEvent(`live:${name}`, { detail: payload }));
    }
  }
}
