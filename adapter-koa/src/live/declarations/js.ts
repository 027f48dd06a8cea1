import { scriptScheme } from "@live-session/components/protocol";
import { isUrlName } from "../../render/unsafe-url.js";
import { EventTarget, toEventName } from "../event-target.js";
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

/** A command in its wire format: its name and its arguments. */
export type JsCommand = readonly [name: string, args: Readonly<Record<string, unknown>>];

/** The elements of a command: those of a selector, or by default the bound element. */
export interface JsTargetOptions {
  readonly to?: JsTarget;
}

/** Options of commands with a transition. */
export interface JsTransitionOptions {
  readonly transition?: JsTransition;
  /** The duration of the classes, in milliseconds; 200 by default. */
  readonly time?: number;
}

/** Options of `show`. */
export interface JsShowOptions extends JsTransitionOptions {
  /** The `display` of a shown element; by default that of its stylesheet, or `block`. */
  readonly display?: string;
}

/** Options of `toggle`. */
export interface JsToggleOptions {
  readonly in?: JsTransition;
  readonly out?: JsTransition;
  readonly time?: number;
  readonly display?: string;
}

/** Options of `push`. */
export interface JsPushOptions {
  /** Values for the payload. They replace those of `live-value-*` attributes and form fields of the same name. */
  readonly value?: Readonly<Record<string, unknown>>;
  /**
   * The receiver of the event, instead of the owner of the template: a component, the view (`viewTarget`), or the views of
   * other live sessions in the page, by the selector of elements in them.
   */
  readonly target?: JsTarget | EventTarget;
  /** Other elements that are marked as loading until the reply. */
  readonly loading?: JsTarget;
  /** Whether to dispatch `live-page-loading-start` before the event and `live-page-loading-stop` after the reply. */
  readonly pageLoading?: boolean;
}

/** Options of `dispatch`. */
export interface JsDispatchOptions extends JsTargetOptions {
  readonly detail?: unknown;
  /** True by default. */
  readonly bubbles?: boolean;
}

/**
 * A list of commands that the browser runs in order and without the server. Each method returns a new list with one more
 * command. A template writes the list as JSON into the attribute of a binding.
 *
 * A target is a selector, which may match several elements of the page, or a selector relative to the bound element:
 * `{ inner: ".menu" }`, `{ closest: "li" }`. By default the target is the bound element.
 *
 * Every method throws LiveError `LIVE_ERR_COMMAND` for invalid arguments.
 *
 * @see Phoenix.LiveView.JS
 */
export class JsCommands {
  readonly #commands: readonly JsCommand[];

  constructor(commands: readonly JsCommand[] = []) {
    this.#commands = commands;
  }

  /** Pushes an event to the view, as a binding with the plain name does. */
  push(event: string, options: JsPushOptions = {}): JsCommands {
    checkName("push", "event", event);
    checkOptions("push", options, ["value", "target", "loading", "pageLoading"]);
    const { value, target, loading, pageLoading } = options;
    if (
      value !== undefined &&
      (typeof value !== "object" || value === null || firstNonJson(value))
    ) {
      throw refuseCommand("push", "value", "an object of JSON values", value);
    }
    checkTarget("push", loading);
    if (target instanceof EventTarget) {
      return this.#add("push", { event: target.nameOf(event), value, loading, pageLoading });
    }
    checkTarget("push", target);
    return this.#add("push", { event, value, target, loading, pageLoading });
  }

  /** @internal Returns the commands with a component as the target of the events that have no target yet. */
  toTarget(address: string): JsCommands {
    return new JsCommands(
      this.#commands.map(([name, args]): JsCommand => {
        if (name !== "push" || args.target !== undefined) return [name, args];
        return [name, { ...args, event: toEventName(address, String(args.event)) }];
      }),
    );
  }

  /** Shows hidden elements. They dispatch `live-show-start` and `live-show-end`. */
  show(to?: JsTarget, options: JsShowOptions = {}): JsCommands {
    checkOptions("show", options, ["transition", "time", "display"]);
    return this.#move("show", to, options, { display: options.display });
  }

  /** Hides visible elements. They dispatch `live-hide-start` and `live-hide-end`. */
  hide(to?: JsTarget, options: JsTransitionOptions = {}): JsCommands {
    checkOptions("hide", options, ["transition", "time"]);
    return this.#move("hide", to, options);
  }

  /** Hides visible elements and shows hidden elements. */
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

  /** Adds classes. They remain when the server changes the element. */
  addClass(names: string, options: JsTargetOptions & JsTransitionOptions = {}): JsCommands {
    return this.#changeClass("addClass", names, options);
  }

  /** Removes classes. */
  removeClass(names: string, options: JsTargetOptions & JsTransitionOptions = {}): JsCommands {
    return this.#changeClass("removeClass", names, options);
  }

  /** Adds each class to elements that lack it, and removes it from the others. */
  toggleClass(names: string, options: JsTargetOptions & JsTransitionOptions = {}): JsCommands {
    return this.#changeClass("toggleClass", names, options);
  }

  /** Adds the classes of a transition to elements for its duration. */
  transition(
    transition: JsTransition,
    options: JsTargetOptions & { readonly time?: number } = {},
  ): JsCommands {
    checkOptions("transition", options, ["to", "time"]);
    return this.#move("transition", options.to, { ...options, transition });
  }

  /** Sets an attribute. It remains when the server changes the element. */
  setAttribute(name: string, value: string, options: JsTargetOptions = {}): JsCommands {
    return this.#changeAttribute("setAttribute", name, [value], options);
  }

  /** Removes an attribute. */
  removeAttribute(name: string, options: JsTargetOptions = {}): JsCommands {
    return this.#changeAttribute("removeAttribute", name, [], options);
  }

  /** Sets an attribute on elements that lack it, and removes it from the others. With two values, switches between them. */
  toggleAttribute(
    name: string,
    values: readonly [on: string, off?: string],
    options: JsTargetOptions = {},
  ): JsCommands {
    return this.#changeAttribute("toggleAttribute", name, values, options);
  }

  /**
   * Ignores the server's changes of attributes from now on. `*` at the end of a name matches any suffix. Useful in
   * `live-mounted`, for example for the `open` attribute of a `<details>`.
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

  /** Focuses an element. */
  focus(to?: JsTarget): JsCommands {
    return this.#add("focus", { to: checkTarget("focus", to) });
  }

  /** Focuses the first focusable element in an element. */
  focusFirst(to?: JsTarget): JsCommands {
    return this.#add("focusFirst", { to: checkTarget("focusFirst", to) });
  }

  /** Stores an element for {@link popFocus}. */
  pushFocus(to?: JsTarget): JsCommands {
    return this.#add("pushFocus", { to: checkTarget("pushFocus", to) });
  }

  /** Focuses the element that was stored last. */
  popFocus(): JsCommands {
    return this.#add("popFocus", {});
  }

  /**
   * Dispatches a DOM event: a `CustomEvent` with the bound element as `detail.dispatcher`. The event `click` clicks the
   * element.
   */
  dispatch(event: string, options: JsDispatchOptions = {}): JsCommands {
    checkName("dispatch", "event", event);
    checkOptions("dispatch", options, ["to", "detail", "bubbles"]);
    const { detail, bubbles } = options;
    if (detail !== undefined && (typeof detail !== "object" || firstNonJson(detail))) {
      throw refuseCommand("dispatch", "detail", "an object of JSON values", detail);
    }
    return this.#add("dispatch", {
      event,
      detail,
      bubbles,
      to: checkTarget("dispatch", options.to),
    });
  }

  /**
   * Navigates to another view, as a `live-navigate` link does.
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

  /** Runs the commands in an attribute of other elements, with those as the bound elements. */
  exec(attribute: string, options: JsTargetOptions = {}): JsCommands {
    checkName("exec", "attribute", attribute);
    checkOptions("exec", options, ["to"]);
    return this.#add("exec", { attribute, to: checkTarget("exec", options.to) });
  }

  /** Returns these commands followed by others. */
  concat(other: JsCommands): JsCommands {
    return new JsCommands([...this.#commands, ...other.#commands]);
  }

  /** Returns the commands as JSON, for an attribute or for the payload of a pushed event. */
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
    if (/^(on|srcdoc$)/i.test(name))
      throw refuseCommand(
        command,
        "name",
        "the name of an attribute that does not contain script",
        name,
      );
    for (const value of values) {
      if (typeof value !== "string" || (isUrlName(name) && scriptScheme(value) !== undefined)) {
        throw refuseCommand(command, "value", "a string that is not a URL that runs script", value);
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
 * An empty list of commands, with which every chain begins.
 *
 * @example
 * ```ts
 * html`<button live-click=${js.push("close", { value: { id } }).hide({ closest: "li" })}>Close</button>`;
 * ```
 */
export const js = new JsCommands();
