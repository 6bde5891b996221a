import type { FactType } from '@sphinx/schema';
import type { z } from 'zod';
import type { Permission } from '../access/permission.ts';
import type { BlobStore } from '../blob-store/blob-store.ts';
import type { Bus } from '../bus/bus.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Route } from '../http/route.ts';
import type { SensorInspection } from '../inspection/sensor-inspection.ts';
import type { StoredCaptures } from '../inspection/stored-captures.ts';
import type { StoredSessions } from '../inspection/stored-sessions.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Migration, StateStore } from '../state-store/state-store.ts';

/** What a service is, readable without starting it. */
export interface ServiceManifest<Settings extends z.ZodObject = z.ZodObject> {
  /** Folder name, for example `asset-inventory`. */
  readonly id: string;
  readonly title: string;
  /** The question it answers, in a person's words. */
  readonly question: string;
  readonly description: string;
  readonly version: string;
  readonly acronym?: string;
  readonly consumes: readonly FactType[];
  readonly produces: readonly FactType[];
  /** What it must be allowed to use. */
  readonly needs: readonly ('bus' | 'state' | 'telemetry' | 'blobs' | 'jobs' | 'secrets')[];
  /** Every field has a default, a `description` and, where it matters, `meta({ title })`. */
  readonly settings: Settings;
  readonly isEnabledByDefault: boolean;
  readonly permissions: readonly Permission[];
}

/** One folder of `services/`. */
export interface ServiceDefinition<Settings extends z.ZodObject = z.ZodObject> {
  readonly manifest: ServiceManifest<Settings>;
  readonly migrations: readonly Migration[];
  /** Wiring only. Resolves when the service works; rejects when it cannot. */
  start(context: ServiceContext<z.infer<Settings>>): Promise<RunningService>;
}

export interface RunningService {
  /** Its HTTP API, reachable while it runs. */
  readonly routes: readonly Route[];
  /** Says how it is, cheap enough to ask every few seconds. */
  health?(): Promise<ServiceHealth>;
  stop(): Promise<void>;
}

export interface ServiceHealth {
  readonly state: 'healthy' | 'degraded' | 'unhealthy';
  readonly message: string;
  readonly figures?: Readonly<Record<string, number | string>>;
}

/** All that a service may touch. */
export interface ServiceContext<Settings = Record<string, never>> {
  readonly bus: Bus;
  readonly state: StateStore;
  readonly telemetry: EventStore;
  readonly blobs: BlobStore;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly secrets: Secrets;
  /** What looks at packets in the threads that read them. */
  readonly inspection: SensorInspection;
  /** Packets that are kept. */
  readonly captures: StoredCaptures;
  /** Visits to decoys that are kept. */
  readonly sessions: StoredSessions;
  /** Folder with `knowledge/`. */
  readonly knowledgeFolder: string;
  /** Knowledge that people brought in, such as fingerprint databases; it may not be there. */
  readonly importedKnowledgeFolder?: string;
  /** Folder of its own for files that need no backup. */
  readonly scratchFolder: string;
  /** Tells the console that something of this topic changed (server-sent events), for example `assets`. */
  notify(topic: string, payload?: object): void;
  /** Records a change that was not made through a route. */
  audit(entry: { action: string; subject: string; detail?: object }): Promise<void>;
  /** Ends this run of the service as failed: it is restarted with back-off. For errors outside any promise it awaits. */
  fail(error: unknown): void;
  readonly signal: AbortSignal;
}

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export interface Logger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
  child(fields: object): Logger;
}

/** Values encrypted at rest, each owner sees its own. */
export interface Secrets {
  get(name: string): Promise<Uint8Array | undefined>;
  set(name: string, value: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}
