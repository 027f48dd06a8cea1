/** An object whose work is done later. */
export interface Deferred {
  run(): void;
}

/** The objects that wait, in order. */
let waiting: Deferred[] = [];

/**
 * Calls `run` of an object after other work of the process. All objects that wait share one immediate, because an
 * immediate for each view would take a noticeable part of the time of a broadcast. So `run` itself must enter the async
 * context that it needs.
 */
export function runLater(deferred: Deferred): void {
  if (waiting.push(deferred) === 1) setImmediate(runWaiting);
}

function runWaiting(): void {
  const current = waiting;
  waiting = [];
  let count = 0;
  try {
    for (const deferred of current) {
      count++;
      deferred.run();
    }
  } finally {
    // If one has thrown an error, the others are still run.
    for (const deferred of current.slice(count)) runLater(deferred);
  }
}
