import {
  afterRender,
  connected,
  handleAsync,
  handleEvent,
  handleInfo,
  handleParams,
} from "../../src/live/runtime/lifecycle.js";
import type { ViewSocket } from "../../src/live/runtime/view-socket.js";
import type { Stage } from "../../src/live/socket/stage.js";
import { mountView } from "./mount-view.js";
import { tracedLive } from "./views/counter-live.js";

/** Runs each stage with valid arguments. */
export const runStage: Record<Stage, (socket: ViewSocket) => unknown> = {
  connected: (socket) => connected(socket, {}),
  handleParams: (socket) => handleParams(socket, {}),
  handleEvent: (socket) => handleEvent(socket, "go", {}),
  handleInfo: (socket) => handleInfo(socket, "message"),
  handleAsync: (socket) => handleAsync(socket, "task", { ok: true, value: 1 }),
  afterRender: (socket) => afterRender(socket, new Set()),
};

/** Mounts a traced view and clears its trace. */
export async function mountTraced() {
  const trace: string[] = [];
  const socket = await mountView(tracedLive(trace));
  trace.length = 0;
  return { socket, trace };
}
