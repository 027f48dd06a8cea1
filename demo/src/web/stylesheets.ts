const names = ["theme", "base", "layout", "forms", "content"];

/** The links to the site's stylesheets for the head of a page, as HTML; later ones go over earlier ones. */
export const stylesheets = names
  .map((name) => `<link rel="stylesheet" href="/assets/${name}.css">`)
  .join("");
