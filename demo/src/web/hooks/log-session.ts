import { cont, onMount } from "@live-session/adapter-koa";

/** Writes one line of the log. */
export type WriteLine = (line: string) => void;

/**
 * The talk's first hook: it logs who comes to a page and which events are fired there, and gives the
 * page a greeting.
 *
 * @param greeting what the page shows as `fromLiveSession`
 */
export const logSession = (greeting: string, writeLine: WriteLine) =>
  onMount("logSession", ({ socket }) => {
    writeLine("User came to this live view");
    socket.attachHook("logSession", "handleEvent", ({ event }) => {
      // The name comes from the browser: on one line, whatever it is.
      writeLine(`Event fired: ${JSON.stringify(event).slice(1, -1)}`);
      return cont();
    });
    return cont({ fromLiveSession: greeting });
  });
