/** What asset-sync keeps for itself at a target; no asset may have a key in it. */
export const RESERVED_FOLDER = ".asset-sync";
