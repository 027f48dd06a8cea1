import { css, html, nothing, type TemplateResult } from "lit";

/**
 * What notifications and flash messages share: a column of floating boxes at a side of the window that
 * lets clicks beside the boxes through. Where scripts are off, so that no box can be closed, it is a
 * part of the page. System colours follow the page's light or dark `color-scheme`.
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
  .hidden {
    position: absolute;
    width: 1px;
    overflow: hidden;
    clip-path: inset(50%);
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

/** The button that closes a box; `titleId` tells which box to those who do not see it. */
export function closeButton(titleId: string, onClick?: () => void): TemplateResult {
  return html`<button part="close" type="button" aria-describedby=${titleId} @click=${onClick ?? nothing}>
    <span class="hidden">Close</span><span aria-hidden="true">×</span>
  </button>`;
}
