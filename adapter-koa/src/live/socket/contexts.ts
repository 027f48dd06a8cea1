import type { MaybePromise } from "../maybe-promise.js";
import type { Params } from "../parse-query.js";
import type { UploadsIn } from "../upload-state.js";
import type { AsyncOutcome, TaskKey, TasksOf } from "./async-result.js";
import type { Cont, Halt, Reply } from "./outcome.js";
import type { Socket } from "./socket.js";
import type { Stage } from "./stage.js";

/** The argument of on-mount hooks and of `mount`. */
export interface MountContext<
  Assigns extends object = object,
  PathParams = unknown,
  Kept = Readonly<Record<string, unknown>>,
  Session = unknown,
> {
  /** The percent-decoded params of the path and the query. Path params replace query params of the same name. */
  readonly params: Params & PathParams;
  /**
   * The data of the HTTP session at the time of the request or the connection, the extra session data of the live
   * session, and that of a nested view. Later ones replace entries of the same name.
   */
  readonly session: Readonly<Record<string, unknown>> & Session;
  /**
   * The values of kept assigns that the browser has sent with a later join: in a hook of a live session those of its
   * hooks, otherwise those of the view. Their visitor can also send older values.
   */
  readonly kept: Kept;
  readonly socket: Socket<Assigns>;
}

/** The arguments of `handleAsync`, by the key of the task. */
export type AsyncContexts<Assigns extends object> = {
  readonly [Key in TaskKey<Assigns>]: {
    readonly key: Key;
    readonly result: AsyncOutcome<TasksOf<Assigns>[Key]>;
    readonly socket: Socket<Assigns>;
  };
};

/** Identifies a component of a view. */
export interface ComponentName {
  readonly name: string;
  readonly id: string;
}

/** The arguments of hooks and callbacks, by stage. */
export interface StageContexts<Assigns extends object = object, PathParams = unknown> {
  connected: { readonly socket: Socket<Assigns> };
  handleParams: {
    readonly params: Params & PathParams;
    readonly url: string;
    readonly socket: Socket<Assigns>;
  };
  handleEvent: {
    readonly event: string;
    readonly payload: unknown;
    readonly socket: Socket<Assigns>;
    /** The uploads of the view, by name. */
    readonly uploads: UploadsIn<Assigns>;
    /** The component that the event is for; `undefined` for an event of the view. */
    readonly component?: ComponentName | undefined;
  };
  handleInfo: {
    readonly message: unknown;
    /** The topic of the message; `undefined` if the view has sent it to itself. */
    readonly topic: string | undefined;
    /** The id of a message of a numbered topic. */
    readonly id: string | undefined;
    readonly socket: Socket<Assigns>;
  };
  handleAsync: AsyncContexts<Assigns>[TaskKey<Assigns>];
  afterRender: { readonly socket: Socket<Assigns>; readonly changed: ReadonlySet<string> };
}

/** Any of the entries of `Assigns`, and possibly other entries. */
export type SomeOf<Assigns> = Partial<Assigns> & object;

/** The results that hooks of each stage may return. Assigns that the socket's type knows must have its types. */
export interface StageResults<Assigns extends object = object> {
  connected: Cont<SomeOf<Assigns>> | Halt;
  handleParams: Cont<SomeOf<Assigns>> | Halt;
  handleEvent: Cont<SomeOf<Assigns>> | Halt | Halt<Reply>;
  handleInfo: Cont<SomeOf<Assigns>> | Halt;
  handleAsync: Cont<SomeOf<Assigns>> | Halt;
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is declared void
  afterRender: Cont<SomeOf<Assigns>> | void;
}

/** The callback of a hook on a stage. An annotation of its argument, `StageContexts<Assigns>[S]`, determines the assigns. */
export type StageCallback<S extends Stage, Assigns extends object = object> = (
  // The socket is named apart, because TypeScript infers nothing from the annotation of an indexed access.
  context: StageContexts<NoInfer<Assigns>>[S] & { readonly socket: Socket<Assigns> },
  // NoInfer: otherwise TypeScript would infer the assigns from a wrong result instead of refusing it.
) => MaybePromise<StageResults<NoInfer<Assigns>>[S]>;
