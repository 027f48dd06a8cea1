import { mkdirSync } from "node:fs";
import path from "node:path";
import Database from "better-sqlite3";
import { z } from "zod";

/** The rooms of the chat. */
export const rooms = ["general", "random"] as const;

/** A file in the chat. */
const attachment = z.object({ id: z.string(), name: z.string(), type: z.string() });
export type Attachment = z.infer<typeof attachment>;

/** A message of the chat. */
export const message = z.object({
  id: z.number(),
  author: z.string(),
  text: z.string(),
  files: z.array(attachment).readonly(),
});
export type Message = z.infer<typeof message>;

/** The states of a task, in the order of the board's columns. */
export const states = ["to do", "in progress", "done"] as const;

/** A task of the board. */
export const task = z.object({
  id: z.number(),
  title: z.string(),
  notes: z.string(),
  state: z.enum(states),
});
export type Task = z.infer<typeof task>;

const data = process.env.DATA ?? path.join(import.meta.dirname, "data");

/** The folder of the files that members have sent. */
export const filesFolder = path.join(data, "files");
mkdirSync(filesFolder, { recursive: true });

const database = new Database(path.join(data, "team.db"));
database.pragma("journal_mode = WAL");
database.exec(`
  CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, room TEXT, author TEXT, text TEXT);
  CREATE INDEX IF NOT EXISTS messages_room ON messages (room, id);
  CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, message INTEGER, name TEXT, type TEXT);
  CREATE INDEX IF NOT EXISTS files_message ON files (message);
  CREATE TABLE IF NOT EXISTS tasks (id INTEGER PRIMARY KEY, title TEXT, notes TEXT, state TEXT);
`);

const newest = database.prepare<[string], Omit<Message, "files">>(
  "SELECT id, author, text FROM messages WHERE room = ? ORDER BY id DESC LIMIT 100",
);
const filesOf = database.prepare<[number], Attachment>(
  "SELECT id, name, type FROM files WHERE message = ?",
);

/** Returns the newest 100 messages of a room, the oldest first. */
export const newestMessages = (room: string): readonly Message[] =>
  newest
    .all(room)
    .map((each) => ({ ...each, files: filesOf.all(each.id) }))
    .reverse();

const insertMessage = database.prepare(
  "INSERT INTO messages (room, author, text) VALUES (?, ?, ?)",
);
const insertFile = database.prepare(
  "INSERT INTO files (message, id, name, type) VALUES (?, ?, ?, ?)",
);

/** Stores a message. */
export function addMessage(
  room: string,
  author: string,
  text: string,
  files: readonly Attachment[],
): Message {
  const id = Number(insertMessage.run(room, author, text).lastInsertRowid);
  for (const file of files) insertFile.run(id, file.id, file.name, file.type);
  return { id, author, text, files };
}

const file = database.prepare<[string], Attachment>(
  "SELECT id, name, type FROM files WHERE id = ?",
);

/** Finds a file of the chat. */
export const fileById = (id: string): Attachment | undefined => file.get(id);

const allTasks = database.prepare<[], Task>("SELECT * FROM tasks ORDER BY id");
const oneTask = database.prepare<[number], Task>("SELECT * FROM tasks WHERE id = ?");

/** Returns all tasks. */
export const tasks = (): readonly Task[] => allTasks.all();

/** Finds a task. */
export const taskById = (id: number): Task | undefined => oneTask.get(id);

const insertTask = database.prepare("INSERT INTO tasks (title, notes, state) VALUES (?, '', ?)");
const updateTask = database.prepare(
  "UPDATE tasks SET title = :title, notes = :notes, state = :state WHERE id = :id",
);
const deleteTask = database.prepare("DELETE FROM tasks WHERE id = ?");

/** Stores a task. */
export function addTask(title: string): Task {
  const id = Number(insertTask.run(title, states[0]).lastInsertRowid);
  return { id, title, notes: "", state: states[0] };
}

/** Changes a task. Returns the new one, or undefined if it has been deleted. */
export function changeTask(id: number, changes: Partial<Task>): Task | undefined {
  const before = taskById(id);
  if (!before) return undefined;
  const after = { ...before, ...changes };
  updateTask.run(after);
  return after;
}

/** Deletes a task. */
export const removeTask = (id: number): void => void deleteTask.run(id);
