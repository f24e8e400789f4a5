/** In every answer of a start that stands in for its app. */
export const BOOTING_HEADER = "x-entrypoint";
