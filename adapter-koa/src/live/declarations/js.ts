import { firstNonJson } from "../json.js";
import { navigate } from "../socket/navigation.js";
import {
  checkClasses,
  checkName,
  checkOptions,
  checkTarget,
  checkTime,
  checkTransition,
  type JsTarget,
  type JsTransition,
  refuseCommand,
} from "./js-arguments.js";

/** A command as it travels: its name and its arguments. */
export type JsCommand = readonly [name: string, args: Readonly<Record<string, unknown>>];

/** The elements a command is for: those of a selector, or the bound element itself. */
export interface JsTargetOptions {
  readonly to?: JsTarget;
}

/** How a command moves an element. */
export interface JsTransitionOptions {
  readonly transition?: JsTransition;
  /** How long the classes stay, in milliseconds; 200 by default. */
  readonly time?: number;
}

/** How an element shows. */
export interface JsShowOptions extends JsTransitionOptions {
  /** Its `display` when shown; by default that of its stylesheet, or `block`. */
  readonly display?: string;
}

/** How an element shows and hides in turn. */
export interface JsToggleOptions {
  readonly in?: JsTransition;
  readonly out?: JsTransition;
  readonly time?: number;
  readonly display?: string;
}

/** What goes along with an event. */
export interface JsPushOptions {
  /** Merged over the `live-value-*` attributes and, of forms, the fields. */
  readonly value?: Readonly<Record<string, unknown>>;
  /** Elements of other live sessions in the page: their views get the event, and this one does not. */
  readonly target?: JsTarget;
  /** Further elements that are marked as loading until the answer. */
  readonly loading?: JsTarget;
  /** Dispatches `live-page-loading-start` and `-stop` around it. */
  readonly pageLoading?: boolean;
}

/** What a dispatched event has. */
export interface JsDispatchOptions extends JsTargetOptions {
  readonly detail?: unknown;
  /** True by default. */
  readonly bubbles?: boolean;
}

/**
 * Commands for the browser, run in the order written, without asking the server. Each method returns the
 * commands so far and one more; none changes what it is called on. They travel as JSON in a binding's attribute.
 *
 * A target is a selector, which may match many elements of the page, or one that starts from the bound
 * element: `{ inner: ".menu" }`, `{ closest: "li" }`. Without one a command is for the bound element.
 *
 * Every method throws LiveError `LIVE_ERR_COMMAND` for arguments that no browser could run.
 *
 * @see Phoenix.LiveView.JS
 */
export class JsCommands {
  readonly #commands: readonly JsCommand[];

  constructor(commands: readonly JsCommand[] = []) {
    this.#commands = commands;
  }

  /** Sends an event to the view, as the plain name in the binding would. */
  push(event: string, options: JsPushOptions = {}): JsCommands {
    checkName("push", "event", event);
    checkOptions("push", options, ["value", "target", "loading", "pageLoading"]);
    const { value, target, loading, pageLoading } = options;
    if (
      value !== undefined &&
      (typeof value !== "object" || value === null || firstNonJson(value))
    ) {
      throw refuseCommand("push", "value", "an object that JSON can carry", value);
    }
    checkTarget("push", target);
    checkTarget("push", loading);
    return this.#add("push", { event, value, target, loading, pageLoading });
  }

  /** Shows elements that are hidden. They get `live-show-start` and `live-show-end`. */
  show(to?: JsTarget, options: JsShowOptions = {}): JsCommands {
    checkOptions("show", options, ["transition", "time", "display"]);
    return this.#move("show", to, options, { display: options.display });
  }

  /** Hides elements that are visible. They get `live-hide-start` and `live-hide-end`. */
  hide(to?: JsTarget, options: JsTransitionOptions = {}): JsCommands {
    checkOptions("hide", options, ["transition", "time"]);
    return this.#move("hide", to, options);
  }

  /** Hides elements that are visible and shows those that are hidden. */
  toggle(to?: JsTarget, options: JsToggleOptions = {}): JsCommands {
    checkOptions("toggle", options, ["in", "out", "time", "display"]);
    return this.#add("toggle", {
      to: checkTarget("toggle", to),
      in: checkTransition("toggle", options.in),
      out: checkTransition("toggle", options.out),
      time: checkTime("toggle", options.time),
      display: options.display,
    });
  }

  /** Adds classes, which stay when the server changes the element. */
  addClass(names: string, options: JsTargetOptions & JsTransitionOptions = {}): JsCommands {
    return this.#changeClass("addClass", names, options);
  }

  /** Removes classes. */
  removeClass(names: string, options: JsTargetOptions & JsTransitionOptions = {}): JsCommands {
    return this.#changeClass("removeClass", names, options);
  }

  /** Adds each class where it is missing and removes it where it is there. */
  toggleClass(names: string, options: JsTargetOptions & JsTransitionOptions = {}): JsCommands {
    return this.#changeClass("toggleClass", names, options);
  }

  /** Gives elements the classes of a transition for its time. */
  transition(
    transition: JsTransition,
    options: JsTargetOptions & { readonly time?: number } = {},
  ): JsCommands {
    checkOptions("transition", options, ["to", "time"]);
    return this.#move("transition", options.to, { ...options, transition });
  }

  /** Sets an attribute, which stays when the server changes the element. */
  setAttribute(name: string, value: string, options: JsTargetOptions = {}): JsCommands {
    return this.#changeAttribute("setAttribute", name, [value], options);
  }

  /** Removes an attribute. */
  removeAttribute(name: string, options: JsTargetOptions = {}): JsCommands {
    return this.#changeAttribute("removeAttribute", name, [], options);
  }

  /** Sets an attribute where it is missing, else removes it; with two values, changes from one to the other. */
  toggleAttribute(
    name: string,
    values: readonly [on: string, off?: string],
    options: JsTargetOptions = {},
  ): JsCommands {
    return this.#changeAttribute("toggleAttribute", name, values, options);
  }

  /**
   * Leaves attributes to the browser from now on: what the server renders for them is not applied. `*` at the
   * end of a name stands for any rest. Of use in `live-mounted`, such as for the `open` of a `<details>`.
   */
  ignoreAttributes(names: string | readonly string[], options: JsTargetOptions = {}): JsCommands {
    checkOptions("ignoreAttributes", options, ["to"]);
    const list = typeof names === "string" ? [names] : names;
    for (const name of list) checkName("ignoreAttributes", "name", name);
    return this.#add("ignoreAttributes", {
      names: list,
      to: checkTarget("ignoreAttributes", options.to),
    });
  }

  /** Gives an element the focus. */
  focus(to?: JsTarget): JsCommands {
    return this.#add("focus", { to: checkTarget("focus", to) });
  }

  /** Gives the focus to the first thing in an element that can take it. */
  focusFirst(to?: JsTarget): JsCommands {
    return this.#add("focusFirst", { to: checkTarget("focusFirst", to) });
  }

  /** Remembers an element for {@link popFocus}. */
  pushFocus(to?: JsTarget): JsCommands {
    return this.#add("pushFocus", { to: checkTarget("pushFocus", to) });
  }

  /** Gives the focus back to the element remembered last. */
  popFocus(): JsCommands {
    return this.#add("popFocus", {});
  }

  /** Dispatches a DOM event: a `CustomEvent` with the bound element as `detail.dispatcher`; `click` clicks. */
  dispatch(event: string, options: JsDispatchOptions = {}): JsCommands {
    checkName("dispatch", "event", event);
    checkOptions("dispatch", options, ["to", "detail", "bubbles"]);
    const { detail, bubbles } = options;
    if (detail !== undefined && (typeof detail !== "object" || firstNonJson(detail))) {
      throw refuseCommand("dispatch", "detail", "an object that JSON can carry", detail);
    }
    return this.#add("dispatch", {
      event,
      detail,
      bubbles,
      to: checkTarget("dispatch", options.to),
    });
  }

  /**
   * Goes to another view, as a `live-navigate` link does.
   *
   * @throws LiveError `LIVE_ERR_NAVIGATION` when `href` is not a path of this site
   */
  navigate(href: string, options: { readonly replace?: boolean } = {}): JsCommands {
    checkOptions("navigate", options, ["replace"]);
    return this.#add("navigate", { href: navigate(href).to, replace: options.replace });
  }

  /**
   * Changes the URL and params of the view, as a `live-patch` link does.
   *
   * @throws LiveError `LIVE_ERR_NAVIGATION` when `href` is not a path of this site
   */
  patch(href: string, options: { readonly replace?: boolean } = {}): JsCommands {
    checkOptions("patch", options, ["replace"]);
    return this.#add("patch", { href: navigate(href).to, replace: options.replace });
  }

  /** Runs the commands in an attribute of other elements, for those elements. */
  exec(attribute: string, options: JsTargetOptions = {}): JsCommands {
    checkName("exec", "attribute", attribute);
    checkOptions("exec", options, ["to"]);
    return this.#add("exec", { attribute, to: checkTarget("exec", options.to) });
  }

  /** These commands and then others. */
  concat(other: JsCommands): JsCommands {
    return new JsCommands([...this.#commands, ...other.#commands]);
  }

  /** The commands as they stand in an attribute, or in the payload of a pushed event. */
  toString(): string {
    return JSON.stringify(this.#commands);
  }

  #changeClass(
    command: string,
    names: string,
    options: JsTargetOptions & JsTransitionOptions,
  ): JsCommands {
    checkOptions(command, options, ["to", "transition", "time"]);
    return this.#move(command, options.to, options, { names: checkClasses(command, names) });
  }

  #changeAttribute(
    command: string,
    name: string,
    values: readonly (string | undefined)[],
    options: JsTargetOptions,
  ): JsCommands {
    checkName(command, "name", name);
    checkOptions(command, options, ["to"]);
    if (/^on/i.test(name))
      throw refuseCommand(command, "name", "no attribute that holds script", name);
    for (const value of values) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers skip them before a scheme
      if (typeof value !== "string" || /^[\u0000- ]*(javascript|data|vbscript)\s*:/i.test(value)) {
        throw refuseCommand(command, "value", "text, and no URL that runs script", value);
      }
    }
    return this.#add(command, { name, values, to: checkTarget(command, options.to) });
  }

  #move(
    command: string,
    to: JsTarget | undefined,
    { transition, time }: JsTransitionOptions,
    args: Readonly<Record<string, unknown>> = {},
  ): JsCommands {
    return this.#add(command, {
      ...args,
      to: checkTarget(command, to),
      transition: checkTransition(command, transition),
      time: checkTime(command, time),
    });
  }

  #add(name: string, args: Readonly<Record<string, unknown>>): JsCommands {
    return new JsCommands([...this.#commands, [name, args]]);
  }
}

/**
 * No commands yet: where every chain begins.
 *
 * @example
 * ```ts
 * html`<button live-click=${js.push("close", { value: { id } }).hide({ closest: "li" })}>Close</button>`;
 * ```
 */
export const js = new JsCommands();
