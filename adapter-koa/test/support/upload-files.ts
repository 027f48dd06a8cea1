import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** Returns the names of the files in a folder and its subfolders. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map(({ name }) => name);
}

/** Waits until the temporary files of uploads are removed. @param files returns the files that are left */
export async function noneLeft(files: () => Promise<string[]>): Promise<void> {
  while ((await files()).length > 0) await sleep(5);
}
