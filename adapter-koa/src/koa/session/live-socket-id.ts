/**
 * Returns the topic on which `live.disconnect` ends the sockets with a `live_socket_id`. The prefix keeps it apart from
 * the app's own topics, one of which may be equal to the id.
 */
export const disconnectTopic = (liveSocketId: string | number): string =>
  `live_socket:${liveSocketId}`;

/** Returns the `live_socket_id` of an HTTP session; `undefined` if it has none that can be used. */
export const liveSocketIdOf = (
  session: Readonly<Record<string, unknown>> | undefined,
): string | number | undefined => {
  const id = session?.live_socket_id;
  return typeof id === "string" || typeof id === "number" ? id : undefined;
};
