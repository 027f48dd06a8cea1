import { handleInfo } from "../../../src/live/runtime/lifecycle.js";
import { mountView } from "../mount-view.js";
import { counterLive, emptyLive } from "../views/counter-live.js";

/** A process that sends a message to a view without `handleInfo`, and to one with it. */
for (const view of [emptyLive, counterLive]) await handleInfo(await mountView(view), "a secret");
