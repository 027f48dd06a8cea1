import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import type { Receiver } from "../socket/info-handler.js";
import type { KeepScope, KeptAssigns } from "../socket/kept-assigns.js";
import type { SendOptions, Socket, SubscribeOptions } from "../socket/socket.js";
import type { Topic } from "../socket/topic.js";
import type { MessageSource } from "../socket/tracker.js";
import type { UnmountCallback } from "../socket/unmount.js";

/** The operations that a hook needs from the socket of its view, besides those of every callback. */
export interface HookHost extends Socket {
  readonly kept: KeptAssigns | undefined;
  /** The scope of what the hook keeps. */
  keepScope: KeepScope;
  subscribe(
    topic: string | Topic | MessageSource,
    options?: SubscribeOptions,
    receive?: Receiver,
  ): () => void;
  send(message: unknown, options?: SendOptions, receive?: Receiver): void;
  startAsync(
    key: string,
    run: (signal: AbortSignal) => unknown,
    done?: (outcome: AsyncOutcome) => MaybePromise<void>,
  ): void;
  onUnmount(callback: UnmountCallback): void;
}

/** What a hook handles itself; otherwise its view does. */
export interface HookReceivers {
  /** The messages of the topics to which the hook subscribes, and those that it sends to itself. */
  readonly receive: Receiver | undefined;
  /** The outcomes of the tasks that the hook starts. */
  readonly done: ((key: string, outcome: AsyncOutcome) => MaybePromise<void>) | undefined;
}

/**
 * Creates the socket that the callbacks of a hook receive. It is the socket of the view, except that the hook itself
 * receives the messages and outcomes that it has asked for.
 *
 * @param id keeps the tasks of the hook apart from tasks of the view with the same key
 */
export function toHookSocket(
  host: HookHost,
  id: string,
  { receive, done }: HookReceivers,
): HookHost {
  if (!receive && !done) return host;
  const own: Partial<HookHost> = {
    ...(receive && {
      subscribe: (topic, options) => host.subscribe(topic, options, receive),
      send: (message, options) => host.send(message, options, receive),
    }),
    ...(done && {
      startAsync: (key, run) =>
        host.startAsync(`hook:${id}:${key}`, run, (outcome) => done(key, outcome)),
    }),
  };
  // A proxy, because the getters and methods of the host use its private members.
  return new Proxy(host, new HookSocketHandler(own));
}

class HookSocketHandler implements ProxyHandler<HookHost> {
  readonly #own: Partial<HookHost>;

  /** @param own the members that differ from those of the host */
  constructor(own: Partial<HookHost>) {
    this.#own = own;
  }

  get(host: HookHost, name: string | symbol): unknown {
    if (Object.hasOwn(this.#own, name)) return Reflect.get(this.#own, name);
    const member = Reflect.get(host, name, host);
    return typeof member === "function" ? member.bind(host) : member;
  }

  set(host: HookHost, name: string | symbol, value: unknown): boolean {
    return Reflect.set(host, name, value, host);
  }
}
