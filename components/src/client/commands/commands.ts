import type { CommandTarget, CommandTransition } from "../../protocol/index.js";
import type { BindingTarget, EventOptions, EventTargetView } from "../bindings/binder.js";
import type { Change, LastingChanges } from "./changes.js";
import { cancelTransition, durationOf, isShown, runTransition } from "./css-transition.js";
import { focusFirst, popFocus, pushFocus } from "./focus-stack.js";

/** What a command may be given; which of it, the server's `js` says. */
interface Arguments {
  readonly to?: CommandTarget;
  readonly transition?: CommandTransition;
  readonly in?: CommandTransition;
  readonly out?: CommandTransition;
  readonly time?: number;
  readonly display?: string;
  readonly names?: readonly string[];
  readonly name?: string;
  readonly values?: readonly string[];
  readonly event?: string;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly target?: CommandTarget;
  readonly loading?: CommandTarget;
  readonly pageLoading?: boolean;
  readonly detail?: object;
  readonly bubbles?: boolean;
  readonly href?: string;
  readonly replace?: boolean;
  readonly attribute?: string;
}

/** A command: its name and its arguments. */
export type Command = readonly [name: string, args?: Arguments];

/** Sends the event of a `push` command, for the element whose attribute contains the command. */
export type CommandEventSender = (
  source: HTMLElement,
  event: string,
  options: EventOptions,
) => void;

/** What commands need besides the page. */
export interface CommandHost {
  readonly view: Pick<BindingTarget, "visit" | "baseUrl">;
  readonly lasting: LastingChanges;
}

/** Reads the commands in an attribute; a plain word is a command without arguments. */
export function parseCommands(text: string): readonly Command[] {
  return text.startsWith("[") ? JSON.parse(text) : [[text]];
}

/** Runs commands in order, for the element they stand on. Returns how long they take, in milliseconds. */
export function runCommands(
  host: CommandHost,
  commands: readonly Command[],
  source: HTMLElement,
  send: CommandEventSender,
): number {
  let wait = 0;
  for (const [name, args = {}] of commands) {
    for (const element of findTargets(source, args.to)) {
      const actions: Record<string, () => void> = {
        push: () =>
          send(source, args.event ?? "", {
            value: args.value,
            ...(args.target && { views: viewsOf(findTargets(source, args.target)) }),
            ...(args.loading && { loading: findTargets(source, args.loading) }),
            ...(args.pageLoading && { pageLoading: true }),
          }),
        show: () => show(host, element, args, args.transition),
        hide: () => hide(host, element, args, args.transition),
        toggle: () =>
          isShown(element)
            ? hide(host, element, args, args.out)
            : show(host, element, args, args.in),
        transition: () => runTransition(element, args.transition, args.time),
        focus: () => element.focus(),
        focusFirst: () => focusFirst(element),
        pushFocus: () => pushFocus(element),
        popFocus,
        dispatch: () => dispatch(source, element, args),
        navigate: () => visit(host, args, false),
        patch: () => visit(host, args, true),
        exec: () => {
          const text = element.getAttribute(args.attribute ?? "");
          if (text === null) throw new Error(`exec found no attribute "${args.attribute}"`);
          wait = Math.max(wait, runCommands(host, parseCommands(text), element, send));
        },
        ignoreAttributes: () => host.lasting.ignore(element, args.names ?? []),
      };
      const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
      if (action) action();
      else changeLasting(host, name, args, element);
      const transition = name === "toggle" ? (args.out ?? args.in) : args.transition;
      wait = Math.max(wait, durationOf(transition, args.time));
    }
  }
  return wait;
}

/** The changes that commands come to, of those commands that can be taken back. */
export function toChanges(commands: readonly Command[], source: HTMLElement): Change[] {
  return commands.flatMap(([name, args = {}]) =>
    findTargets(source, args.to).map((element) => toChange(name, args, element)),
  );
}

function toChange(name: string, args: Arguments, element: HTMLElement): Change {
  const { names = [], name: attribute = "", values: [on = "", off] = [] } = args;
  const classes = (applies: (name: string) => boolean): Change => ({
    element,
    classes: Object.fromEntries(names.map((each) => [each, applies(each)])),
  });
  const attributes = (value: string | null): Change => ({
    element,
    attributes: { [attribute]: value },
  });
  switch (name) {
    case "show":
      return isShown(element) ? { element } : { element, display: displayOf(element, args) };
    case "hide":
      return isShown(element) ? { element, display: "none" } : { element };
    case "toggle":
      return { element, display: isShown(element) ? "none" : displayOf(element, args) };
    case "addClass":
      return classes(() => true);
    case "removeClass":
      return classes(() => false);
    case "toggleClass":
      return classes((each) => !element.classList.contains(each));
    case "setAttribute":
      return attributes(on);
    case "removeAttribute":
      return attributes(null);
    case "toggleAttribute":
      if (off !== undefined) return attributes(element.getAttribute(attribute) === on ? off : on);
      return attributes(element.hasAttribute(attribute) ? null : on);
    default:
      throw new Error(`the command "${name}" is unknown, or cannot be taken back`);
  }
}

function changeLasting(
  host: CommandHost,
  name: string,
  args: Arguments,
  element: HTMLElement,
): void {
  const change = toChange(name, args, element);
  runTransition(element, args.transition, args.time, () => host.lasting.make(change));
}

function show(
  host: CommandHost,
  element: HTMLElement,
  args: Arguments,
  transition?: CommandTransition,
): void {
  if (isShown(element)) return;
  cancelTransition(element);
  element.dispatchEvent(new Event("live-show-start"));
  const { time } = args;
  // Under the classes it starts with, so that it does not flash.
  const classes = durationOf(transition, time)
    ? [...(transition?.[0] ?? []), ...(transition?.[1] ?? [])]
    : [];
  const early = classes.filter((name) => !element.classList.contains(name));
  element.classList.add(...early);
  host.lasting.make({ element, display: displayOf(element, args) });
  element.classList.remove(...early);
  runTransition(element, transition, time, () => element.dispatchEvent(new Event("live-show-end")));
}

function hide(
  host: CommandHost,
  element: HTMLElement,
  { time }: Arguments,
  transition?: CommandTransition,
): void {
  if (!isShown(element)) return;
  element.dispatchEvent(new Event("live-hide-start"));
  const finish = (): void => {
    host.lasting.make({ element, display: "none" });
    element.dispatchEvent(new Event("live-hide-end"));
  };
  runTransition(element, transition, time, finish, true);
}

/** What an element's `display` has to be for it to show: by default what its stylesheet says. */
function displayOf(element: HTMLElement, { display }: Arguments): string {
  if (display !== undefined) return display;
  const { style } = element;
  const old = style.display;
  style.display = "";
  const isHidden = getComputedStyle(element).display === "none";
  style.display = old;
  if (!isHidden) return "";
  return (
    { tr: "table-row", td: "table-cell", th: "table-cell", li: "list-item" }[element.localName] ??
    "block"
  );
}

function dispatch(
  source: Element,
  element: Element,
  { event = "", detail, bubbles = true }: Arguments,
): void {
  const init = { bubbles, composed: true, cancelable: true };
  element.dispatchEvent(
    event === "click"
      ? new MouseEvent(event, init)
      : new CustomEvent(event, { ...init, detail: { ...detail, dispatcher: source } }),
  );
}

function visit(host: CommandHost, { href = "", replace }: Arguments, patch: boolean): void {
  const { view } = host;
  view.visit(new URL(href, view.baseUrl).href, { kind: replace ? "replace" : "push", patch });
}

/**
 * The views that elements stand in.
 *
 * @throws Error if there are none
 */
export function viewsOf(elements: Iterable<Element>): readonly EventTargetView[] {
  const sessions = Array.from(elements, (each) => each.closest<SessionElement>("live-session"));
  const views = [...new Set(sessions)].flatMap((session) => session?.view ?? []);
  if (views.length === 0) throw new Error("no live session is where the event is to go");
  return views;
}

interface SessionElement extends HTMLElement {
  readonly view?: EventTargetView | undefined;
}

function findTargets(source: HTMLElement, to: CommandTarget | undefined): HTMLElement[] {
  if (to === undefined) return [source];
  if (typeof to === "string") return Array.from(document.querySelectorAll<HTMLElement>(to));
  if ("inner" in to) return Array.from(source.querySelectorAll<HTMLElement>(to.inner));
  const closest = source.closest<HTMLElement>(to.closest);
  return closest ? [closest] : [];
}
