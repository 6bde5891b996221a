/** What the API answers when it refuses (RFC 9457). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];

  constructor(
    status: number,
    problem: { code?: string; detail?: string; title?: string; errors?: ApiError['errors'] },
  ) {
    super(problem.detail ?? problem.title ?? `SPHINX answered with status ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? 'SPX_UNKNOWN';
    this.errors = problem.errors ?? [];
  }
}

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON; a file goes as it is. */
  readonly body?: object;
  readonly signal?: AbortSignal;
}

export const API_BASE = '/api/v1';

/** @returns address of a path of the API with its query */
export function apiUrl(path: string, query: RequestOptions['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return `${API_BASE}${path}${parameters.size === 0 ? '' : `?${parameters}`}`;
}

/**
 * @param path below `/api/v1`
 * @throws ApiError when SPHINX refuses or cannot be reached
 */
export async function request<Answer>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { query, body, signal }: RequestOptions = {},
): Promise<Answer> {
  const isFile = body instanceof Blob;
  const init: RequestInit = {
    method,
    headers: {
      // Proves that the console sent it: a page of another site cannot set it.
      'x-sphinx-request': '1',
      ...(body === undefined ? {} : { 'content-type': isFile ? 'application/octet-stream' : 'application/json' }),
    },
    ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
  const response = await fetch(apiUrl(path, query), init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, { code: 'SPX_UNAVAILABLE', detail: 'SPHINX cannot be reached. Is it running?' });
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, problemOf(text));
  return (text === '' ? undefined : JSON.parse(text)) as Answer;
}

function problemOf(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return { detail: text };
  }
}
