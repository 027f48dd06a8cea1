import type { BindingTarget, EventOptions } from "../bindings/binder.js";
import type { LastingChanges } from "./changes.js";
import {
  attributeOf,
  type Command,
  type CommandArguments,
  findTargets,
  parseCommands,
} from "./command.js";
import { durationOf, endTransitions, isShown, runTransition } from "./css-transition.js";
import { focusFirst, popFocus, pushFocus } from "./focus-stack.js";
import { targetViews } from "./target-views.js";
import { toChange } from "./to-change.js";
import { hide, show } from "./visibility.js";

/** Sends the event of a `push` command, for the element whose attribute contains the command. */
export type CommandEventSender = (
  source: HTMLElement,
  event: string,
  options: EventOptions,
) => void;

/** The objects that commands use besides elements. */
export interface CommandHost {
  readonly view: Pick<BindingTarget, "visit" | "baseUrl">;
  readonly lasting: LastingChanges;
  readonly send: CommandEventSender;
}

/** One command that runs for one element. */
interface Run {
  readonly host: CommandHost;
  /** The element whose attribute contains the command. */
  readonly source: HTMLElement;
  /** The element that the command applies to. */
  readonly element: HTMLElement;
  readonly name: string;
  readonly args: CommandArguments;
}

/**
 * Runs commands in order.
 *
 * @param source the element whose attribute contains them
 * @returns how long they take, in milliseconds
 * @throws Error if a command is unknown, or its target is invalid
 */
export function runCommands(
  host: CommandHost,
  commands: readonly Command[],
  source: HTMLElement,
): number {
  const durations = commands.flatMap(([name, args = {}]) =>
    findTargets(source, args.to).map((element) =>
      runCommand({ host, source, element, name, args }),
    ),
  );
  return Math.max(0, ...durations);
}

function runCommand(run: Run): number {
  const { name, args } = run;
  if (name === "exec") return exec(run);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action) action(run);
  else changeLasting(run);
  const transition = name === "toggle" ? (args.out ?? args.in) : args.transition;
  return durationOf(transition, args.time);
}

/** The commands that do more than a change which can be undone. */
const actions: Readonly<Record<string, (run: Run) => void>> = {
  push,
  show: ({ host, element, args }) => show(element, args, host.lasting, args.transition),
  hide: ({ host, element, args }) => hide(element, args, host.lasting, args.transition),
  toggle: ({ host, element, args }) =>
    isShown(element)
      ? hide(element, args, host.lasting, args.out)
      : show(element, args, host.lasting, args.in),
  transition,
  focus: ({ element }) => element.focus(),
  focusFirst: ({ element }) => focusFirst(element),
  pushFocus: ({ element }) => pushFocus(element),
  popFocus,
  dispatch,
  navigate: (run) => visit(run, false),
  patch: (run) => visit(run, true),
  ignoreAttributes: ({ host, element, args }) => host.lasting.ignore(element, args.names ?? []),
};

function push({ host, source, args }: Run): void {
  host.send(source, args.event ?? "", {
    value: args.value,
    ...(args.target && { views: targetViews(findTargets(source, args.target)) }),
    ...(args.loading && { loading: findTargets(source, args.loading) }),
    ...(args.pageLoading && { pageLoading: true }),
  });
}

function exec({ host, element, args: { attribute = "" } }: Run): number {
  const text = attributeOf(element, attribute);
  if (text === null) throw new Error(`the element of an exec has no attribute "${attribute}"`);
  return runCommands(host, parseCommands(text), element);
}

function transition({ element, args }: Run): void {
  const changes = ["transition"];
  endTransitions(element, changes, false);
  runTransition(element, args.transition, args.time, { changes });
}

function changeLasting({ host, name, args, element }: Run): void {
  const classes = (args.names ?? []).map((each) => `.${each}`);
  const changes = args.name === undefined ? classes : [`[${args.name}]`];
  endTransitions(element, changes, true);
  const change = toChange(name, args, element);
  const finish = (): void => host.lasting.make(change);
  runTransition(element, args.transition, args.time, { changes, finish });
}

function dispatch({ source, element, args: { event = "", detail, bubbles = true } }: Run): void {
  const init = { bubbles, composed: true, cancelable: true };
  EventTarget.prototype.dispatchEvent.call(
    element,
    event === "click"
      ? new MouseEvent(event, init)
      : new CustomEvent(event, { ...init, detail: { ...detail, dispatcher: source } }),
  );
}

function visit({ host: { view }, args: { href = "", replace } }: Run, patch: boolean): void {
  view.visit(new URL(href, view.baseUrl).href, { kind: replace ? "replace" : "push", patch });
}
