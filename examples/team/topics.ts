import { topic } from "@live-session/adapter-koa";
import { z } from "zod";
import { message, task } from "./store.js";

/** The new messages of a room. */
export const room = topic("room:%", message);

/** The changes of the board: a task that was added or changed, or the id of a deleted one. */
export const board = topic(
  "board",
  z.union([z.object({ changed: task }), z.object({ deleted: z.number() })]),
);
