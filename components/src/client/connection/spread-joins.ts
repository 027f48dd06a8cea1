import type { Socket, Channel as SocketChannel } from "phoenix";

// A server accepts 20 joins within a second of its clock by default. With these numbers a page stays below that.
const maxJoins = 18;
const spanMs = 1100;

/** Members of phoenix's channel that its types leave out. */
interface RejoinedChannel extends SocketChannel {
  rejoin(timeout?: number): void;
}

/** Members of phoenix's socket that its types leave out. */
interface JoiningSocket extends Socket {
  readonly channels: readonly RejoinedChannel[];
}

/**
 * Spreads the joins of a page with many views, which all join when a connection opens. The server would refuse those
 * above its limit, and each refusal doubles the time until the next attempt.
 */
export function spreadJoins(phoenixSocket: Socket): void {
  const socket = phoenixSocket as JoiningSocket;
  const waiting = new Map<RejoinedChannel, () => void>();
  let sentAt: number[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = (): void => {
    timer = undefined;
    const now = performance.now();
    sentAt = sentAt.filter((at) => at > now - spanMs);
    for (const [channel, rejoin] of waiting) {
      if (sentAt.length >= maxJoins) {
        timer = setTimeout(send, (sentAt[0] ?? now) + spanMs - now);
        return;
      }
      waiting.delete(channel);
      // The view may have been left in the meantime.
      if (!socket.channels.includes(channel) || !/closed|errored/.test(channel.state)) continue;
      sentAt.push(now);
      rejoin();
    }
  };
  const spread = (channel: RejoinedChannel): void => {
    const rejoin = channel.rejoin.bind(channel);
    channel.rejoin = (timeout) => {
      waiting.set(channel, () => rejoin(timeout));
      if (timer === undefined) send();
    };
  };

  const createChannel = socket.channel.bind(socket);
  socket.channel = (...args) => {
    const channel = createChannel(...args);
    spread(channel as RejoinedChannel);
    return channel;
  };
  for (const channel of socket.channels) spread(channel);
  // The server counts the joins of each connection.
  socket.onClose(() => {
    sentAt = [];
  });
}
