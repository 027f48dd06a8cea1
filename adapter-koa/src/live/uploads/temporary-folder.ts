import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readlinkSync, rmSync, type Stats } from "node:fs";
import { lstat, readdir, rm, utimes } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

/** How often a process marks its folder as used, in milliseconds. */
const markEvery = 60_000;

/** A folder that has not been marked for this time is no longer used, in milliseconds. */
const leftAfter = 3_600_000;

/** When this process has started, in milliseconds since 1970. */
const startedAt = Date.now() - process.uptime() * 1000;

/** The folders of this process. Other copies of this module, such as those of workers, have their own. */
const ownFolders = new Set<string>();

/**
 * The folder of a process for temporary files. The process marks it as used while it runs, so that other processes can remove what
 * a killed one has left: also those of other containers and machines, which may share the parent folder and cannot see
 * each other's processes.
 */
export class TemporaryFolder {
  readonly #parent: string;
  #folder: string | undefined;
  #marking: NodeJS.Timeout | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #isRemoved = false;

  /** @param parent the folder that contains it; that of the system by default */
  constructor(parent = tmpdir()) {
    this.#parent = parent;
  }

  /** The path of the folder, which is created when it is needed first. */
  get path(): string {
    this.#folder ??= this.#create();
    return this.#folder;
  }

  /** Removes what other processes have left, and looks again later if there are folders that may be in use. */
  async sweep(): Promise<void> {
    await this.#sweep(undefined);
  }

  /** @param marks when the folders had been marked an hour ago; `undefined` when the process starts */
  async #sweep(marks: ReadonlyMap<string, number> | undefined): Promise<void> {
    const names = await readdir(this.#parent).catch(() => []);
    const used = new Map<string, number>();
    const check = async (name: string): Promise<void> => {
      const folder = path.join(this.#parent, name);
      const stats = await lstat(folder).catch(() => undefined);
      if (!stats || !isOurs(stats) || ownFolders.has(folder)) return;
      if (isLeft(name, stats.mtimeMs, marks)) await rm(folder, { recursive: true, force: true });
      else used.set(name, stats.mtimeMs);
    };
    await Promise.all(names.filter((name) => name.startsWith(prefix)).map(check));
    if (used.size === 0 || this.#isRemoved) return;
    const sweep = (): void => void this.#sweep(used).catch(() => {});
    this.#sweeping = setTimeout(sweep, leftAfter).unref();
  }

  /** Removes the folder. */
  async remove(): Promise<void> {
    this.#isRemoved = true;
    clearTimeout(this.#sweeping);
    const folder = this.#forget();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  #create(): string {
    const folder = mkdtempSync(path.join(this.#parent, `${folderPrefix}${process.pid}-`));
    ownFolders.add(folder);
    process.once("exit", this.#removeAtExit);
    this.#marking = setInterval(() => void this.#mark(folder), markEvery).unref();
    return folder;
  }

  /** Another process may have removed the folder while this one was suspended. Then the next file gets another one. */
  async #mark(folder: string): Promise<void> {
    const now = new Date();
    await utimes(folder, now, now).catch(() => {
      if (this.#folder === folder) this.#forget();
    });
  }

  #forget(): string | undefined {
    const folder = this.#folder;
    clearInterval(this.#marking);
    process.off("exit", this.#removeAtExit);
    this.#folder = undefined;
    return folder;
  }

  readonly #removeAtExit = (): void => {
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
  };
}

const prefix = "live-uploads-";

/** The beginning of the names of the folders of all processes that this one can see; the process id follows. */
export const folderPrefix = `${prefix}${hostname().replace(/[^\w-]/g, "")}-${processesId()}-`;

/**
 * Identifies the processes that this one can see, by the start of the machine and the namespace of process ids. Containers may have
 * equal host names.
 */
function processesId(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8");
    const namespace = readlinkSync("/proc/self/ns/pid");
    return createHash("sha256").update(`${boot} ${namespace}`).digest("hex").slice(0, 8);
  } catch {
    return "0"; // Not Linux, where each machine has one list of processes.
  }
}

/** Whether a folder belongs to the user of this process: others cannot be removed. */
const isOurs = (stats: Stats): boolean =>
  stats.isDirectory() && (process.getuid === undefined || stats.uid === process.getuid());

/**
 * Whether the process of a folder has ended. A process that this one cannot see counts as ended if it does not mark its
 * folder while this one runs. The age decides only at the start, because later all processes of the machine may have
 * been suspended.
 */
function isLeft(
  name: string,
  markedAt: number,
  marks: ReadonlyMap<string, number> | undefined,
): boolean {
  if (!name.startsWith(folderPrefix))
    return marks ? marks.get(name) === markedAt : Date.now() - markedAt > leftAfter;
  const pid = Number.parseInt(name.slice(folderPrefix.length), 10);
  return pid === process.pid ? markedAt < startedAt : !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
