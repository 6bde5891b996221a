import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { harnessOf } from '../../engine-harness.ts';
import { createLogger } from '../../observability/logger.ts';
import { describeEventStoreContract } from '../event-store.contract.ts';
import { flow } from '../test-telemetry.ts';
import { openDuckDbEventStore } from './duckdb-event-store.ts';

const logger = createLogger({ level: 'silent' });

describeEventStoreContract('DuckDB', async (maximumBufferedRows) => {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-events-'));
  const file = join(folder, 'telemetry.duckdb');
  return harnessOf(
    () => openDuckDbEventStore({ file, logger, maximumBufferedRows, flushIntervalMs: 60_000 }),
    (store) => store.close(),
    () => rm(folder, { recursive: true, force: true }),
  );
});

describe('DuckDB as event store', () => {
  it('writes by itself every now and then', async () => {
    const store = await openDuckDbEventStore({ logger, flushIntervalMs: 20 });
    store.append('network_activity', [flow(1)]);
    await expect.poll(() => store.statistics().buffered).toBe(0);
    await store.close();
  });
});
