/** A query that a window asks the owner of the store for by its name: no SQL of a question travels between them. */
export interface Read {
  readonly name: string;
  readonly sql: string;
}

/** The queries of a feature, each called after it. */
export function readsOf<N extends string>(
  feature: string,
  sqlByName: Readonly<Record<N, string>>,
): Readonly<Record<N, Read>> {
  const named = Object.entries<string>(sqlByName).map(([name, sql]) => [
    name,
    { name: `${feature}.${name}`, sql },
  ]);
  return Object.fromEntries(named) as Record<N, Read>;
}
