import type { Leaving } from "./leaving.js";
import { forgetReloads, moduleReloads, reloadPage } from "./reload-page.js";

const requestMs = 5000;
/** The statuses of a proxy whose server is down. */
const proxyErrors: readonly number[] = [502, 503, 504];

/** Returns how long to wait before a reload after a fault. It is random, so that not all pages reload at once. */
const reloadDelayMs = (): number => 5000 + Math.random() * 5000;

/** Checks whether the server, rather than only a proxy in front of it, answers a request. */
export async function serverAnswers(href: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(requestMs);
    const init = { method: "HEAD", redirect: "manual", cache: "no-store", signal } as const;
    return !proxyErrors.includes((await fetch(href, init)).status);
  } catch {
    return false;
  }
}

/** A page load that a fault makes necessary. */
export interface FaultyPage {
  /** The URL that is going to be loaded. */
  href(): string;
  /** Whether the load is no longer needed. */
  isDone(): boolean;
  /** Whether the load must wait, because the fault may still end without it. */
  isWaiting?(): boolean;
  load(): void;
}

/** A view whose page is loaded again, because the view does not work. */
export interface FaultyView {
  /** The URL that a reload of the page would load. */
  readonly href: string;
  readonly isOnline: boolean;
  /** Changes when the view is joined or ends. */
  readonly generation: number;
  reload(): void;
}

/** Decides when a page may be loaded after a fault: not while the browser is leaving it or the server does not answer. */
export class PageLoads {
  readonly #leaving: Leaving;
  /** The generations of the views that wait for a reload. */
  readonly #generations = new WeakMap<FaultyView, number>();

  constructor(leaving: Leaving) {
    this.#leaving = leaving;
  }

  /** Checks whether the server answers requests, and the browser is not leaving the page already. */
  async mayLoad(href: string): Promise<boolean> {
    return !this.#leaving.isActive && (await serverAnswers(href)) && !this.#leaving.isActive;
  }

  /**
   * Reloads the page, or calls `load` instead, unless that has happened too often.
   *
   * @returns whether a page is being loaded.
   */
  reload(load?: () => void): boolean {
    return reloadPage(load);
  }

  /** Forgets the reloads so far. Called when the page works. */
  forget(): void {
    forgetReloads();
  }

  /** Reloads the page to request the present files of the client. */
  async reloadForModule(href: string): Promise<void> {
    if (await this.mayLoad(href)) reloadPage(undefined, moduleReloads);
  }

  /** Reloads the page of a view after a delay, unless the view is joined or ends in the meantime. */
  reloadLater(view: FaultyView): void {
    const { generation } = view;
    if (this.#generations.get(view) === generation) return;
    this.#generations.set(view, generation);
    this.loadLater({
      href: () => view.href,
      isDone: () => view.generation !== generation,
      // When the network is back, the view is joined again anyway.
      isWaiting: () => !view.isOnline,
      load: () => {
        this.#generations.delete(view);
        view.reload();
      },
    });
  }

  /** Loads a page after 5 to 10 s. If that is not possible then, tries again after the same time. */
  loadLater(page: FaultyPage): void {
    setTimeout(async () => {
      if (page.isDone()) return;
      const mayLoad = !page.isWaiting?.() && (await this.mayLoad(page.href()));
      if (page.isDone()) return;
      if (mayLoad) page.load();
      else this.loadLater(page);
    }, reloadDelayMs());
  }
}
