import { useSearchParams } from 'react-router';

/** Filters of a list that stand in the address, so that a link shows the same. */
export interface AddressFilter<Name extends string> {
  readonly query: Readonly<Record<Name, string | undefined>>;
  /** Whether any filter is set. */
  readonly isNarrowed: boolean;
  /** @param value null or empty: the filter is taken away */
  set(name: Name, value: string | null): void;
}

/**
 * @param names of the parameters; all others stay as they are
 * @param typed those that are typed: each letter is no step back
 */
export function useAddressFilter<Name extends string>(
  names: readonly Name[],
  typed: readonly Name[] = [],
): AddressFilter<Name> {
  const [parameters, setParameters] = useSearchParams();
  const entries = names.map((name) => [name, parameters.get(name) ?? undefined] as const);
  return {
    query: Object.fromEntries(entries) as Record<Name, string | undefined>,
    isNarrowed: entries.some(([, value]) => value !== undefined),
    set(name, value) {
      const next = new URLSearchParams(parameters);
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
      setParameters(next, { preventScrollReset: true, replace: typed.includes(name) });
    },
  };
}
