import { type TracingChannel, tracingChannel } from "node:diagnostics_channel";
import { isThenable, type MaybePromise } from "../maybe-promise.js";
import type { Socket } from "../socket/socket.js";

/** The fields that all messages of the tracing channels contain. */
export interface TraceResult {
  /** The time until the end, in milliseconds; `undefined` before the end. */
  duration?: number;
  /**
   * `"ok"`; `"redirect"` after a mount that navigates; `"error"` after an exception; for joins also the reason of the
   * refusal; for connections the transport's end.
   */
  outcome?: string;
  /** The exception. */
  error?: unknown;
  /** A subscriber of `start` may set a function that calls the traced one, for example within an async context. */
  runIn?: (<Result>(run: () => Result) => Result) | undefined;
}

/** The message of the tracing channels of views. The same object is passed to all channels of one operation. */
export interface LiveTrace extends TraceResult {
  /** The socket of the view; `undefined` for a join that was refused before its view was mounted. */
  readonly socket: Socket | undefined;
  /** The name of the view. */
  readonly view: string;
  /** The name of the live session. */
  readonly liveSession: string;
  /** The path pattern of the route. */
  readonly route: string;
  /** The name of the event, which the browser has chosen, or the key of the task. */
  readonly event?: string;
  /** The number of messages that wait behind this one. */
  readonly mailbox: number;
  /** The size of the frames or of the HTML that a render has produced, in bytes. */
  bytes?: number;
  /**
   * The W3C trace context of a page. A subscriber of `live:mount` may set it on the disconnected mount; `live:join` contains
   * the one of its page.
   */
  traceparent?: string | undefined;
}

/** The message of the channel `live:connection`, which starts and ends with a connection. */
export interface ConnectionTrace extends TraceResult {
  readonly transport: "websocket" | "longpoll";
}

/** The tracing channels of views and connections; `tracingChannel("live:event")` returns the same channel. */
export const channels = {
  mount: tracingChannel<unknown, LiveTrace>("live:mount"),
  params: tracingChannel<unknown, LiveTrace>("live:params"),
  event: tracingChannel<unknown, LiveTrace>("live:event"),
  info: tracingChannel<unknown, LiveTrace>("live:info"),
  async: tracingChannel<unknown, LiveTrace>("live:async"),
  render: tracingChannel<unknown, LiveTrace>("live:render"),
  join: tracingChannel<unknown, LiveTrace>("live:join"),
  connection: tracingChannel<unknown, ConnectionTrace>("live:connection"),
} as const;

/** The names of the channels whose messages are about views. */
export type ViewChannel = Exclude<keyof typeof channels, "connection">;

/** Whether a channel has a subscriber. Without one, nothing must be created for a trace. */
export const isTraced = ({
  start,
  end,
  asyncStart,
  asyncEnd,
  error,
}: TracingChannel<unknown, object>): boolean =>
  start.hasSubscribers ||
  end.hasSubscribers ||
  asyncStart.hasSubscribers ||
  asyncEnd.hasSubscribers ||
  error.hasSubscribers;

/** The number of running operations whose frames are measured. At 0, no frame is measured, because measuring takes time. */
export const measured = { operations: 0 };

/** Calls a function while frames are measured, and stores the size of the frames in its trace. */
export function measure<Result>(
  outbox: { readonly sentBytes: number },
  message: LiveTrace,
  run: () => MaybePromise<Result>,
): MaybePromise<Result> {
  const before = outbox.sentBytes;
  const end = () => {
    measured.operations--;
    message.bytes = outbox.sentBytes - before;
  };
  measured.operations++;
  let isAsync = false;
  try {
    const result = run();
    if (!isThenable(result)) return result;
    isAsync = true;
    return Promise.resolve(result).finally(end);
  } finally {
    if (!isAsync) end();
  }
}

/** The members of a socket that a trace needs. */
interface TracedSocket extends Socket {
  readonly route: { readonly path: string; readonly liveSession: { readonly name: string } };
  readonly host: { readonly waiting: number };
}

/** Creates the message of a channel for a view. */
export function traceOf(socket: TracedSocket, event?: string): LiveTrace {
  const { view, route, host } = socket;
  return {
    socket,
    view: view.name,
    liveSession: route.liveSession.name,
    route: route.path,
    mailbox: host.waiting,
    ...(event !== undefined && { event }),
  };
}

/** Publishes a join that was refused before its view was mounted. */
export function traceRefusedJoin(outcome: string): void {
  if (!isTraced(channels.join)) return;
  const message = { socket: undefined, view: "", liveSession: "", route: "", mailbox: 0 };
  trace<LiveTrace, void>(
    channels.join,
    message,
    () => {},
    () => outcome,
  );
}

/**
 * Runs a function and publishes its start and end, as `tracePromise` does, but without making its result async. Check
 * {@link isTraced} first, because creating the arguments takes time.
 *
 * @param outcomeOf returns the outcome for a result; `"ok"` by default
 */
export function trace<Message extends TraceResult, Result>(
  channel: TracingChannel<unknown, Message & object>,
  message: Message & object,
  run: () => MaybePromise<Result>,
  outcomeOf: (result: Result) => string = () => "ok",
): MaybePromise<Result> {
  const begin = performance.now();
  const end = (outcome: string) => {
    message.duration = performance.now() - begin;
    message.outcome = outcome;
  };
  const succeed = (result: Result) => {
    end(outcomeOf(result));
    return result;
  };
  const fail = (error: unknown) => {
    end("error");
    message.error = error;
    channel.error.publish(message);
  };
  const settled = () => {
    channel.asyncStart.publish(message);
    channel.asyncEnd.publish(message);
  };
  return channel.start.runStores(message, () => {
    try {
      const result = message.runIn ? message.runIn(run) : run();
      if (!isThenable(result)) return succeed(result);
      return result.then(
        (value) => {
          succeed(value);
          settled();
          return value;
        },
        (error) => {
          fail(error);
          settled();
          throw error;
        },
      );
    } catch (error) {
      fail(error);
      throw error;
    } finally {
      channel.end.publish(message);
    }
  });
}

/**
 * Calls a listener at the end of each operation of a channel, synchronous or not.
 *
 * @returns a function that ends the subscription
 */
export function onFinished<Message extends TraceResult>(
  { end, asyncEnd }: TracingChannel<unknown, Message & object>,
  listener: (message: Message) => void,
): () => void {
  const finish = (message: unknown) => listener(message as Message);
  const finishNow = (message: unknown) => {
    if ((message as Message).duration !== undefined) finish(message);
  };
  end.subscribe(finishNow);
  asyncEnd.subscribe(finish);
  return () => {
    end.unsubscribe(finishNow);
    asyncEnd.unsubscribe(finish);
  };
}
