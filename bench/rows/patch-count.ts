/** How often one row is changed in a load of the page. One change takes so little time that other work of the browser can exceed it. */
export const patchCount = 15;
