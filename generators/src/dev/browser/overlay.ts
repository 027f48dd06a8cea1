/** An error of the app. */
export interface ShownError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  readonly place: string | null;
  readonly excerpt: readonly string[];
}

const TAG = "live-session-dev-overlay";

const css = `
  :host { position: fixed; inset: 0; z-index: 2147483647; overflow: auto; padding: 2rem; background: rgb(0 0 0 / 0.6); font: 1rem/1.5 system-ui, sans-serif; color: #1f2937; }
  article { max-width: 60rem; margin: 0 auto 1rem; padding: 1.5rem; border-top: 0.3rem solid #dc2626; border-radius: 0.4rem; background: #fff; }
  h2 { margin: 0 0 0.5rem; font-size: 1rem; color: #b91c1c; }
  pre { margin: 0.5rem 0; padding: 0.75rem; overflow: auto; background: #f3f4f6; font: 0.875rem/1.5 ui-monospace, monospace; white-space: pre-wrap; }
  button { float: right; font: inherit; }`;

/** Shows the errors of the app over the page; an empty list removes the overlay. */
export function showErrors(errors: readonly ShownError[]): void {
  document.querySelector(TAG)?.remove();
  if (errors.length === 0) return;
  const overlay = document.createElement(TAG);
  overlay.setAttribute("role", "alert");
  const root = overlay.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  for (const error of errors.slice(-3)) root.append(describe(error, () => overlay.remove()));
  document.documentElement.append(overlay);
}

function describe(error: ShownError, close: () => void): HTMLElement {
  const article = document.createElement("article");
  const button = Object.assign(document.createElement("button"), { textContent: "Close" });
  button.type = "button";
  button.addEventListener("click", close);
  const code = error.code === null ? "" : ` [${error.code}]`;
  const title = Object.assign(document.createElement("h2"), {
    textContent: `${error.name}${code}`,
  });
  article.append(button, title, block(error.message));
  if (error.place !== null) {
    article.append(Object.assign(document.createElement("p"), { textContent: error.place }));
    article.append(block(error.excerpt.join("\n")));
  }
  return article;
}

function block(text: string): HTMLElement {
  return Object.assign(document.createElement("pre"), { textContent: text });
}
