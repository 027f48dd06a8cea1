import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = "node_modules/.cache/scripts";

/**
 * Returns the result of a slow function. A file keeps the result for later processes, until the input or an installed
 * package changes.
 *
 * @param name - name of the file. Only the result of the last input is kept
 * @param input - everything that the result depends on
 * @param produce - returns a result that can be written as JSON
 */
export async function cached<T>(
  name: string,
  input: unknown,
  produce: () => Promise<T>,
): Promise<T> {
  const packages = readFileSync("package-lock.json", "utf8");
  const key = createHash("sha256").update(JSON.stringify(input)).update(packages).digest("hex");
  const file = path.join(folder, `${name}.json`);
  try {
    const entry: { readonly key: string; readonly result: T } = JSON.parse(
      readFileSync(file, "utf8"),
    );
    if (entry.key === key) return entry.result;
  } catch {
    // There is no entry yet.
  }
  const result = await produce();
  mkdirSync(folder, { recursive: true });
  // Another process may read or write the same entry.
  const written = `${file}.${process.pid}`;
  writeFileSync(written, JSON.stringify({ key, result }));
  renameSync(written, file);
  return result;
}
