import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AuditTrail,
  type Clock,
  type Configuration,
  type Logger,
  type Notifier,
  openSealedSecrets,
  type SensorInspection,
  type ServiceContext,
  type ServiceDefinition,
  type StoredCaptures,
  type StoredSessions,
  superviseBus,
} from '@sphinx/platform';
import type { Engines } from './engines.ts';

export interface ContextParts {
  readonly engines: Engines;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly notifier: Notifier;
  readonly audit: AuditTrail;
  readonly inspection: SensorInspection;
  readonly captures: StoredCaptures;
  readonly sessions: StoredSessions;
  readonly knowledgeFolder: string;
}

/** Builds what one run of a service may touch, and nothing more. */
export async function createServiceContext(
  parts: ContextParts,
  definition: ServiceDefinition,
  run: { signal: AbortSignal; fail: (error: unknown) => void },
) {
  const { engines, configuration, clock, notifier, audit, knowledgeFolder } = parts;
  const { manifest, migrations } = definition;
  const scratchFolder = join(engines.scratchFolder, manifest.id);
  await mkdir(scratchFolder, { recursive: true, mode: 0o700 });
  await engines.state.migrate(manifest.id, migrations);
  const supervised = superviseBus(engines.bus, manifest);
  const context: ServiceContext<Record<string, unknown>> = {
    bus: supervised.bus,
    state: engines.state,
    telemetry: engines.telemetry,
    blobs: engines.blobs,
    jobs: engines.jobs,
    clock,
    logger: parts.logger.child({ service: manifest.id }),
    settings: manifest.settings.parse(settingsOf(configuration, manifest.id)),
    secrets: openSealedSecrets(engines.state, engines.masterKey, manifest.id),
    inspection: parts.inspection,
    captures: parts.captures,
    sessions: parts.sessions,
    knowledgeFolder,
    importedKnowledgeFolder: engines.importedKnowledgeFolder,
    scratchFolder,
    notify: (topic, payload) => notifier.notify(topic, payload),
    audit: async ({ action, subject, detail }) => {
      await audit.append({
        actorKind: 'service',
        actorId: manifest.id,
        actorName: manifest.title,
        action,
        subject,
        outcome: 'success',
        ...(detail === undefined ? {} : { detail }),
      });
    },
    fail: run.fail,
    signal: run.signal,
  };
  return { context: context as unknown as ServiceContext<never>, release: supervised.stop };
}

function settingsOf(configuration: Configuration, serviceId: string): Record<string, unknown> {
  const { enabled: _enabled, ...settings } = configuration.section(`services.${serviceId}`);
  return settings;
}
