import { liveEvent, liveView, notFound, on, type Socket } from "@live-session/adapter-koa";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { z } from "zod";
import { inlineEdit } from "./inline-edit.js";
import { addTask, changeTask, removeTask, states, type Task, taskById, tasks } from "./store.js";
import { board } from "./topics.js";

/** Changes a task and sends it to all pages that show it, including this one. */
function change(socket: Pick<Socket, "broadcast">, id: number, changes: Partial<Task>): void {
  const changed = changeTask(id, changes);
  if (changed) socket.broadcast(board(), { changed }, { self: true });
}

/** The tasks, in one column for each state. */
export const boardLive = liveView("BoardLive", {
  types: {} as { own: { tasks: readonly Task[] } },
  mount({ socket }) {
    socket.subscribe(board());
    socket.assign({ tasks: tasks() });
    socket.pageTitle = "Board";
  },
  handleInfo: on(board, ({ message, socket }) => {
    const id = "changed" in message ? message.changed.id : message.deleted;
    const others = socket.assigns.tasks.filter((task) => task.id !== id);
    const all = "changed" in message ? [...others, message.changed] : others;
    socket.assign({ tasks: all.sort((a, b) => a.id - b.id) });
  }),
  handleEvent: {
    add: liveEvent(z.object({ title: z.string().trim().max(200) }), ({ payload, socket }) => {
      if (payload.title === "") return;
      socket.broadcast(board(), { changed: addTask(payload.title) }, { self: true });
    }),
    move: liveEvent(
      z.object({ id: z.coerce.number(), state: z.enum(states) }),
      ({ payload: { id, state }, socket }) => change(socket, id, { state }),
    ),
  },
  render: ({ tasks }, socket) => html`
    <h1>Board</h1>
    <form id="add" method="post" live-submit="add">
      <input name="title" .value=${""} maxlength="200" autocomplete="off" aria-label="New task" placeholder="New task">
      <button>Add</button>
    </form>
    <div class="board">${states.map(
      (state, column) => html`
      <section aria-label=${state}>
        <h2>${state}</h2>
        <ul>${repeat(
          tasks.filter((task) => task.state === state),
          ({ id }) => id,
          ({ id, title }) => html`<li>
            ${inlineEdit.at(`title-${id}`, {
              label: "Title",
              value: title,
              onSave: (title) => title && change(socket, id, { title }),
            })}
            <p>
              ${[states[column - 1], states[column + 1]].map(
                (to) =>
                  to &&
                  html`
                <button type="button" live-click="move" live-value-id=${id} live-value-state=${to}
                  aria-label="Move “${title}” to ${to}">${to}</button>`,
              )}
              <a href="/tasks/${id}" live-navigate aria-label="Details of “${title}”">Details</a>
            </p>
          </li>`,
        )}</ul>
      </section>`,
    )}
    </div>`,
});

/** One task with its notes. */
export const taskLive = liveView("TaskLive", {
  types: {} as { own: { task: Task } },
  params: z.object({ id: z.coerce.number().int() }),
  mount({ params, socket }) {
    socket.subscribe(board());
    const task = taskById(params.id);
    if (!task) throw notFound("There is no such task.");
    socket.assign({ task });
    socket.pageTitle = task.title;
  },
  handleInfo: on(board, ({ message, socket }) => {
    const { id } = socket.assigns.task;
    if ("changed" in message && message.changed.id === id) {
      socket.assign({ task: message.changed });
      socket.pageTitle = message.changed.title;
    } else if ("deleted" in message && message.deleted === id) {
      socket.putFlash("info", `“${socket.assigns.task.title}” was deleted.`);
      socket.pushNavigate("/board");
    }
  }),
  handleEvent: {
    delete({ socket }) {
      const { id } = socket.assigns.task;
      removeTask(id);
      socket.broadcast(board(), { deleted: id }, { self: true });
    },
  },
  render: ({ task: { id, title, notes, state } }, socket) => html`
    <h1>${title}</h1>
    <p>${state}</p>
    <h2>Title</h2>
    ${inlineEdit.at("title", { label: "Title", value: title, onSave: (title) => title && change(socket, id, { title }) })}
    <h2>Notes</h2>
    ${inlineEdit.at("notes", { label: "Notes", value: notes, onSave: (notes) => change(socket, id, { notes }) })}
    <p><button type="button" live-click="delete" live-confirm="Delete “${title}”?">Delete</button></p>`,
});
