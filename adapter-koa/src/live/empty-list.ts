/** An empty list for fields that are seldom used. Each connection and view would otherwise hold empty arrays of its own. */
export const emptyList: readonly never[] = Object.freeze([]);
