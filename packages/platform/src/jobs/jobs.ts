/** Long work with progress that a person can watch and cancel. Kept in the state store; a job cut off by a crash is `interrupted`. */
export interface Jobs {
  /** Starts `work` at once and returns its id. */
  start(options: JobOptions, work: (job: JobHandle) => Promise<object>): Promise<string>;
  get(id: string): Promise<Job | undefined>;
  /** Newest first. */
  list(query: JobQuery): Promise<readonly Job[]>;
  /** Asks the work to stop through its signal. @returns false when there is no such job at work */
  cancel(id: string): Promise<boolean>;
  /**
   * Resolves when the job ended, whichever way.
   * @throws SphinxError SPX_NOT_FOUND
   */
  finished(id: string): Promise<Job>;
  onChange(listener: (job: Job) => void): () => void;
}

export interface JobQuery {
  readonly owner?: string;
  readonly state?: Job['state'];
  /** Goes on behind this job. */
  readonly after?: Pick<Job, 'startedAt' | 'id'>;
  readonly limit: number;
}

export interface JobOptions {
  readonly owner: string;
  readonly kind: string;
  readonly title: string;
}

export interface JobHandle {
  readonly id: string;
  readonly signal: AbortSignal;
  /** @param fraction 0 to 1 */
  progress(fraction: number, message: string): void;
}

export interface Job extends JobOptions {
  readonly id: string;
  readonly state: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'interrupted';
  readonly fraction: number;
  readonly message: string;
  readonly result?: object;
  readonly error?: string;
  readonly startedAt: number;
  readonly endedAt?: number;
}
