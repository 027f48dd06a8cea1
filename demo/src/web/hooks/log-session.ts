import { cont, onMount } from "@live-session/adapter-koa";

/** Writes one line to the log. */
export type WriteLine = (line: string) => void;

/**
 * Creates a hook that logs each mount and each event of a page, and gives the page a greeting.
 *
 * @param greeting what the page shows as `fromLiveSession`
 */
export const logSession = (greeting: string, writeLine: WriteLine) =>
  onMount("logSession", ({ socket }) => {
    writeLine("User came to this live view");
    socket.attachHook("logSession", "handleEvent", ({ event }) => {
      // The browser chooses the name, so escape line breaks.
      writeLine(`Event fired: ${JSON.stringify(event).slice(1, -1)}`);
      return cont();
    });
    return cont({ fromLiveSession: greeting });
  });
