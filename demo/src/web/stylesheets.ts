const names = ["theme", "base", "layout", "forms", "content"];

/** The `<link>` elements of the stylesheets, as HTML. Later ones override earlier ones. */
export const stylesheets = names
  .map((name) => `<link rel="stylesheet" href="/assets/${name}.css">`)
  .join("");
