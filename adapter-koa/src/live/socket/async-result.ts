/** The outcome of an asynchronous task; `ok` says whether it has a `value` or an `error`. */
export type AsyncOutcome<Value = unknown> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: unknown };

declare const tasks: unique symbol;

/** The types of a view's tasks by key, as a part of the type of its assigns. It exists for the compiler alone. */
export interface WithTasks<Tasks> {
  readonly [tasks]?: Tasks;
}

/** The types of the tasks in the type of assigns; any keys and values if it contains none. */
export type TasksOf<Assigns> = typeof tasks extends keyof Assigns
  ? NonNullable<Assigns[typeof tasks]>
  : Readonly<Record<string, unknown>>;

/** The keys of the tasks. */
export type TaskKey<Assigns> = keyof TasksOf<Assigns> & string;

/** The state of a value that `socket.assignAsync` loads. */
export class AsyncResult<Value = unknown> {
  /** Whether a task is running. */
  readonly loading: boolean;
  /** Whether a value has been loaded at least once. The value stays while a newer one loads. */
  readonly ok: boolean;
  readonly result: Value | undefined;
  /** The error that the last task threw. */
  readonly failed: unknown;

  constructor(
    state: Partial<Pick<AsyncResult<Value>, "loading" | "ok" | "result" | "failed">> = {},
  ) {
    this.loading = state.loading ?? false;
    this.ok = state.ok ?? false;
    this.result = state.result;
    this.failed = state.failed;
  }

  /** Returns the state while a task runs. */
  toLoading(): AsyncResult<Value> {
    return new AsyncResult<Value>({ ...this, loading: true, failed: undefined });
  }

  /** Returns the state after a task has ended. */
  toOutcome(outcome: AsyncOutcome): AsyncResult<Value> {
    return outcome.ok
      ? new AsyncResult<Value>({ ok: true, result: outcome.value as Value })
      : new AsyncResult<Value>({ ...this, loading: false, failed: outcome.error });
  }
}
