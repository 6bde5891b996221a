/** What of the stored traffic is looked at. All of it lives in the address of the page. */
export interface ExplorerFilter {
  readonly address: string;
  readonly protocol: string | null;
  readonly encryption: 'encrypted' | 'clear' | null;
  /** Only what nobody answered. */
  readonly isUnanswered: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly from: number | null;
  /** Exclusive. */
  readonly until: number | null;
}

/** Reads the filter from the address; what it does not understand it leaves out. */
export function readFilter(parameters: URLSearchParams): ExplorerFilter {
  const encryption = parameters.get('encryption');
  return {
    address: parameters.get('address') ?? '',
    protocol: parameters.get('protocol'),
    encryption: encryption === 'encrypted' || encryption === 'clear' ? encryption : null,
    isUnanswered: parameters.get('unanswered') === 'true',
    from: timeOf(parameters.get('from')),
    until: timeOf(parameters.get('until')),
  };
}

/** Changes the filter in the address, and nothing else there. */
export function changeFilter(parameters: URLSearchParams, change: Partial<ExplorerFilter>): URLSearchParams {
  const { address, protocol, encryption, isUnanswered, from, until } = { ...readFilter(parameters), ...change };
  const next = new URLSearchParams(parameters);
  const values = { address, protocol, encryption, unanswered: isUnanswered ? 'true' : null, from, until };
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, String(value));
  }
  return next;
}

export const NO_FILTER: ExplorerFilter = {
  address: '',
  protocol: null,
  encryption: null,
  isUnanswered: false,
  from: null,
  until: null,
};

type Query = Readonly<Record<string, string | number | boolean>>;

/** The same question as the API understands it about records. */
export function recordQuery({ address, protocol, from, until }: ExplorerFilter): Query {
  return {
    ...(address === '' ? {} : { address }),
    ...(protocol === null ? {} : { protocol }),
    ...(from === null ? {} : { from }),
    ...(until === null ? {} : { until }),
  };
}

/** The same question as the API understands it about flows. */
export function flowQuery(filter: ExplorerFilter): Query {
  const { encryption, isUnanswered } = filter;
  return {
    ...recordQuery(filter),
    ...(encryption === null ? {} : { isEncrypted: encryption === 'encrypted' }),
    ...(isUnanswered ? { state: 'one-way' } : {}),
  };
}

export function isNarrowed(filter: ExplorerFilter): boolean {
  return Object.keys(flowQuery(filter)).length > 0;
}

function timeOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
