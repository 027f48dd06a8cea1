import { css } from "lit";

/** The look of `<light-nav>`. Its text is the same for every instance: a content policy allows it by hash. */
export const lightNavStyles = css`
  :host {
    display: block;
    --_color: light-dark(#52525b, #b4b4bd);
    --_active: light-dark(#18181b, #fafafa);
    --_accent: light-dark(#4f46e5, #a5b4fc);
  }
  @supports not (color: light-dark(red, red)) {
    :host {
      --_color: #52525b;
      --_active: #18181b;
      --_accent: #4f46e5;
    }
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
  form {
    display: contents;
  }
  a,
  button,
  ::slotted(a) {
    display: inline-block;
    padding: 0.25rem 0;
    border: 0;
    border-bottom: 2px solid transparent;
    background: none;
    color: var(--light-nav-color, var(--_color));
    font: inherit;
    text-decoration: none;
    cursor: pointer;
  }
  a:hover,
  button:hover,
  ::slotted(a:hover) {
    border-color: currentColor;
    color: var(--light-nav-active-color, var(--_active));
  }
  [aria-current],
  ::slotted([aria-current]) {
    border-color: var(--light-nav-accent-color, var(--_accent));
    color: var(--light-nav-active-color, var(--_active));
    font-weight: var(--light-nav-active-weight, 600);
  }
  :focus-visible,
  ::slotted(:focus-visible) {
    outline: 2px solid var(--light-nav-accent-color, var(--_accent));
    outline-offset: 2px;
    border-radius: 2px;
  }
`;
