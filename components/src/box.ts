import { css, html, nothing, type TemplateResult } from "lit";

/**
 * What notifications and flash messages share: a column of floating boxes at a side of the window that
 * lets clicks beside the boxes through.
 */
export const boxStyles = css`
  :host {
    --_background: light-dark(#fff, #27272a);
    --_color: light-dark(#18181b, #fafafa);
    --_border: light-dark(#d4d4d8, #52525b);
    position: fixed;
    z-index: 50;
    right: 0;
    box-sizing: border-box;
    width: min(25rem, 100%);
    max-height: 100%;
    padding: 0.75rem;
    overflow-y: auto;
    pointer-events: none;
    font-size: 0.875rem;
    line-height: 1.45;
  }
  @supports not (color: light-dark(red, red)) {
    :host {
      --_background: #fff;
      --_color: #18181b;
      --_border: #d4d4d8;
    }
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
    box-sizing: border-box;
    width: 100%;
    padding: 0.75rem 2.75rem 0.75rem 1rem;
    border: 1px solid var(--_border);
    border-radius: 0.5rem;
    background: var(--_background);
    color: var(--_color);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.12);
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
    color: inherit;
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
    font-size: 1.25rem;
    line-height: 1;
  }
  [part="close"]:hover {
    background: rgb(128 128 128 / 0.15);
  }
  :focus-visible {
    outline: 2px solid currentColor;
    outline-offset: -2px;
  }
  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (scripting: none) {
    button {
      display: none;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .box {
      animation: come 0.25s ease-out;
    }
    .box[inert] {
      animation: go 0.2s ease-in forwards;
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
