import { css, html, nothing, type TemplateResult } from "lit";
import { repeat } from "./client/rendering/repeat.js";

/**
 * The styles that notifications and flash messages share: a column of floating boxes at a side of the window. Clicks
 * between the boxes reach the page. Without scripts no box can be closed, so the boxes are part of the page's flow. System
 * colours follow the page's `color-scheme`.
 */
export const boxStyles = css`
  :host {
    position: fixed;
    z-index: 50;
    right: 0;
    box-sizing: border-box;
    width: min(25rem, 100%);
    max-height: 100%;
    padding: 0.75rem;
    overflow: auto;
    pointer-events: none;
    font-size: 0.875rem;
  }
  :host([hidden]) {
    display: none;
  }
  .boxes {
    display: grid;
    gap: 0.5rem;
  }
  .box {
    position: relative;
    padding: 0.75rem 2.75rem 0.75rem 1rem;
    border: 1px solid GrayText;
    border-radius: 0.5rem;
    background: Canvas;
    color: CanvasText;
    box-shadow: 0 2px 8px #0003;
    overflow-wrap: anywhere;
    pointer-events: auto;
  }
  p {
    margin: 0;
  }
  [part="title"] {
    font-weight: 600;
  }
  button {
    font: inherit;
    cursor: pointer;
  }
  [part="close"] {
    position: absolute;
    top: 0.375rem;
    right: 0.375rem;
    width: 2rem;
    height: 2rem;
    padding: 0;
    border: 0;
    border-radius: 0.375rem;
    background: none;
    color: inherit;
    font-size: 1.25rem;
  }
  :focus-visible {
    outline: 2px solid;
    outline-offset: -2px;
  }
  @media (scripting: none) {
    :host {
      position: static;
      width: auto;
    }
    button {
      display: none;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .box {
      animation: 0.25s ease-out come;
    }
    .box[inert] {
      animation: 0.2s ease-in forwards go;
    }
  }
  @keyframes come {
    from {
      opacity: 0;
      transform: translateY(0.5rem);
    }
  }
  @keyframes go {
    to {
      opacity: 0;
      transform: scale(0.95);
    }
  }
`;

/** A box and its content. */
export interface Box {
  /** The id of the box's element in its shadow root. */
  readonly id: string;
  readonly class: string;
  readonly part: string;
  readonly role?: "alert";
  readonly title: string;
  readonly text?: string | undefined;
  /** Handles clicks anywhere on the box. A box with this or {@link onClose} has a close button. */
  readonly onClick?: () => void;
  /** Handles clicks on the close button. */
  readonly onClose?: () => void;
  /** Whether the box is disappearing. */
  readonly leaving?: boolean;
}

/** Renders boxes, with a name for their close buttons. A box with the same id keeps its element. */
export const renderBoxes = (boxes: readonly Box[], close: string): unknown =>
  repeat(
    boxes,
    ({ id }) => id,
    (box) => renderBox(box, close),
  );

function renderBox(box: Box, close: string): TemplateResult {
  const titleId = `${box.id}-title`;
  return html`<div
    id=${box.id}
    class=${box.class}
    part=${box.part}
    role=${box.role ?? nothing}
    ?inert=${box.leaving}
    @click=${box.onClick}
  >
    <p id=${titleId} part="title">${box.title}</p>
    ${box.text ? html`<p part="text">${box.text}</p>` : nothing}
    ${
      (box.onClick ?? box.onClose)
        ? html`<button
            part="close"
            type="button"
            aria-label=${close}
            aria-describedby=${titleId}
            @click=${box.onClose}
          >×</button>`
        : nothing
    }
  </div>`;
}
