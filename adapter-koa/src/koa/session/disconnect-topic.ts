/**
 * Returns the topic on which `live.disconnect` ends the sockets with a `live_socket_id`. The prefix keeps it apart from
 * the app's own topics, one of which may be equal to the id.
 */
export const disconnectTopic = (liveSocketId: string | number): string =>
  `live_socket:${liveSocketId}`;
