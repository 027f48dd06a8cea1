import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import type { AttachedHooks, HookSocket } from "../socket/attached-hooks.js";
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
  keepAll(names: readonly string[], scope: KeepScope): void;
  hooks: AttachedHooks;
  /** The sockets of hooks that differ from that of the view; `undefined` if there are none. */
  hookSockets: readonly HookSocket[] | undefined;
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

/** A hook that may itself receive the messages and outcomes that it has asked for; otherwise its view receives them. */
export interface HookReceivers {
  /** Keeps the tasks of the hook apart from tasks of the view with the same key. */
  readonly id: string;
  /** Whether it receives the messages of the topics to which it subscribes, and those that it sends to itself. */
  readonly receivesInfo: boolean;
  /** Whether it receives the outcomes of the tasks that it starts. */
  readonly receivesAsync: boolean;
  handleInfo(
    socket: Socket,
    message: unknown,
    topic: string | undefined,
    id: string | undefined,
  ): MaybePromise<void>;
  handleAsync(socket: Socket, key: string, outcome: AsyncOutcome): MaybePromise<void>;
}

/**
 * Creates the socket that the callbacks of a hook receive. It is the socket of the view, except that the hook itself
 * receives the messages and outcomes that it has asked for.
 */
export function createHookSocket(host: HookHost, hook: HookReceivers): HookHost {
  if (!hook.receivesInfo && !hook.receivesAsync) return host;
  // A proxy, because the getters and methods of the host use its private members.
  const socket = new Proxy(host, new HookSocketHandler(hook));
  host.hookSockets = (host.hookSockets ?? []).concat({ hook, socket });
  return socket;
}

/** Returns the socket of a hook on a view. */
export const hookSocketOf = (host: HookHost, hook: HookReceivers): Socket =>
  host.hookSockets?.find((each) => each.hook === hook)?.socket ?? host;

class HookSocketHandler implements ProxyHandler<HookHost> {
  readonly #hook: HookReceivers;
  #receive: Receiver | undefined;

  constructor(hook: HookReceivers) {
    this.#hook = hook;
  }

  get(host: HookHost, name: string | symbol, socket: HookHost): unknown {
    return this.#own(host, name, socket) ?? memberOf(host, name);
  }

  set(host: HookHost, name: string | symbol, value: unknown): boolean {
    return Reflect.set(host, name, value, host);
  }

  /** Returns a member that differs from that of the host. */
  #own(host: HookHost, name: string | symbol, socket: HookHost): unknown {
    const hook = this.#hook;
    if (name === "subscribe" && hook.receivesInfo) {
      const subscribe: Socket["subscribe"] = (topic, options) =>
        host.subscribe(topic, options, this.#receiver(socket));
      return subscribe;
    }
    if (name === "send" && hook.receivesInfo) {
      const send: Socket["send"] = (message, options) =>
        host.send(message, options, this.#receiver(socket));
      return send;
    }
    if (name === "startAsync" && hook.receivesAsync) {
      const start: HookHost["startAsync"] = (key, run) =>
        host.startAsync(`hook:${hook.id}:${key}`, run, (outcome) =>
          hook.handleAsync(socket, key, outcome),
        );
      return start;
    }
    return undefined;
  }

  #receiver(socket: HookHost): Receiver {
    const hook = this.#hook;
    this.#receive ??= (message, topic, id) => hook.handleInfo(socket, message, topic, id);
    return this.#receive;
  }
}

function memberOf(host: HookHost, name: string | symbol): unknown {
  const member = Reflect.get(host, name, host);
  return typeof member === "function" ? member.bind(host) : member;
}
