import { watch } from "node:fs";
import path from "node:path";

/** Editors write a file in several steps. */
const SETTLE_MS = 20;

/** What a set of changed files makes necessary. */
export interface Changes {
  /** Stylesheets, by the end of their URL. Pages load them again. */
  readonly styles: readonly string[];
  /** Whether the app must restart. */
  readonly restarts: boolean;
  /** Whether pages must be loaded again: their document or their scripts have changed. */
  readonly reloads: boolean;
}

/** Decides what changed files make necessary. */
export function classify(files: readonly string[]): Changes {
  const styles = files.filter((file) => file.endsWith(".css"));
  const scripts = files.filter((file) => /\.(?:[mc]?js|svg|png|html)$/.test(file));
  const modules = files.filter((file) => /\.(?:[mc]?ts|json)$/.test(file));
  return {
    styles: styles.map((file) => path.basename(file)),
    restarts: modules.length > 0,
    reloads: scripts.length > 0 || modules.some((file) => /root-layout|stylesheets/.test(file)),
  };
}

/** Watches a folder. Returns a function that ends this. */
export function watchFolder(
  folder: string,
  onChange: (files: readonly string[]) => void,
): () => void {
  let files = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, file) => {
    // Editors also write backups and temporary files.
    if (file === null || /~$|\.sw\w$|^\d+$/.test(file)) return;
    files.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const changed = [...files];
      files = new Set();
      onChange(changed);
    }, SETTLE_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
