import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Formats files with the Biome of the app and its settings, because other names change the length of lines and the order
 * of imports. Without Biome the files stay as they are.
 */
export function formatFiles(
  files: ReadonlyMap<string, string>,
  root: string,
): ReadonlyMap<string, string> {
  const biome = findBiome(root);
  if (biome === undefined) return files;
  const folder = mkdtempSync(path.join(tmpdir(), "live-session-gen-"));
  try {
    for (const [file, content] of files) {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
    const options = [
      "--write",
      "--vcs-enabled=false",
      "--linter-enabled=false",
      "--config-path",
      path.resolve(root),
    ];
    spawnSync(process.execPath, [biome, "check", ...options, "."], { cwd: folder });
    return new Map(
      [...files.keys()].map((file) => [file, readFileSync(path.join(folder, file), "utf8")]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function findBiome(root: string): string | undefined {
  try {
    return createRequire(path.join(path.resolve(root), "package.json")).resolve(
      "@biomejs/biome/bin/biome",
    );
  } catch {
    return undefined;
  }
}
