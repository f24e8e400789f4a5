/** What is left when what was not said is left out. */
export function said<T extends object>(values: T): { [name in keyof T]?: Exclude<T[name], undefined> } {
  return Object.assign(
    {},
    ...Object.entries(values).map(([name, value]) => (value === undefined ? {} : { [name]: value })),
  );
}
