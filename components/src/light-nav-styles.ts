import { css } from "lit";

/** The styles of `<light-nav>`. By default it has the colours of the page around it. */
export const lightNavStyles = css`
  :host {
    display: block;
  }
  :host([hidden]) {
    display: none;
  }
  nav,
  ul {
    display: flex;
    flex-wrap: wrap;
    gap: var(--light-nav-gap, 0.25rem 1rem);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  a,
  button,
  ::slotted(a) {
    display: inline-block;
    padding: 0.25rem 0;
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--light-nav-color, inherit);
    font: inherit;
    text-decoration: none;
    cursor: pointer;
  }
  a:hover,
  button:hover,
  ::slotted(a:hover) {
    border-color: currentColor;
  }
  [aria-current],
  ::slotted([aria-current]) {
    border-color: var(--light-nav-accent-color, currentColor);
    color: var(--light-nav-active-color, inherit);
    font-weight: var(--light-nav-active-weight, 600);
  }
  :focus-visible {
    outline: 2px solid;
    outline-offset: 2px;
  }
`;
