import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../clock/clock.ts';
import { createLogger } from '../../observability/logger.ts';
import { openPgliteStateStore } from '../../state-store/pglite/pglite-state-store.ts';
import type { StoredFact } from '../bus.ts';
import { assetRemoved } from '../test-facts.ts';
import { openStateStoreBus } from './embedded-bus.ts';

const PROGRAM = fileURLToPath(new URL('./kill-test-program.ts', import.meta.url));
const LANES = ['lane 0', 'lane 1', 'lane 2', 'lane 3', 'lane 4'];
const KILLS = 8;

interface Witness {
  readonly acknowledged: Set<string>;
  /** What the reader saw in each lane, in order, repeats included. */
  readonly seen: Map<string, string[]>;
}

describe('A fact that was accepted', () => {
  const witness: Witness = { acknowledged: new Set(), seen: new Map(LANES.map((lane) => [lane, []])) };
  let folder: string;
  let log: readonly StoredFact[];
  let killed = 0;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-kill-'));
    for (let round = 0; round < KILLS; round++) {
      // Every third time it is killed at any moment since its start, so while it recovers from the time before as well.
      const since = round % 3 === 2 ? 'start' : 'first acknowledgement';
      const { code } = await run(folder, witness, { publishForMs: 60_000, killAfterMs: Math.random() * 500, since });
      if (code === null) killed++;
    }
    const { code, isDone } = await run(folder, witness, { publishForMs: 300 });
    expect({ code, isDone }).toEqual({ code: 0, isDone: true });
    log = await readLog(folder);
  }, 180_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const published = () => log.filter(({ fact }) => fact.type === 'asset.removed').map(({ fact }) => fact);

  it('was put to the test: the program was killed under load every time', () => {
    expect(killed).toBe(KILLS);
    expect(witness.acknowledged.size).toBeGreaterThan(200);
  });

  it('is in the log after kill -9, once', () => {
    const ids = log.map(({ fact }) => fact.id);
    expect(new Set(ids).size).toBe(ids.length);
    const inLog = new Set(ids);
    expect([...witness.acknowledged].filter((id) => !inLog.has(id))).toEqual([]);
  });

  it.each(LANES)('stands in the order of its publication: %s', (lane) => {
    const ids = published().flatMap((fact) => (fact.key === lane ? [fact.id] : []));
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, number) => assetRemoved(lane, number).id));
  });

  it.each(LANES)('reached its reader, in order when repeats are left out: %s', (lane) => {
    const firstSeen = [...new Set(witness.seen.get(lane))];
    expect(firstSeen).toEqual(published().flatMap((fact) => (fact.key === lane ? [fact.id] : [])));
  });

  it('led to what follows from it once, however often it was handed over', () => {
    const requests = log.flatMap(({ fact }) => (fact.type === 'verification.requested' ? [fact.data.requestedBy] : []));
    expect(requests.toSorted()).toEqual(
      published()
        .map(({ id }) => id)
        .toSorted(),
    );
  });
});

/** Lets the program run on the folder, by itself or until it is killed, and notes what it says. */
async function run(
  folder: string,
  witness: Witness,
  plan: { publishForMs: number; killAfterMs?: number; since?: 'start' | 'first acknowledgement' },
): Promise<{ code: number | null; isDone: boolean }> {
  // Each lane goes on behind its last acknowledged fact, so what was written and not acknowledged is published again.
  const starts = LANES.map((lane) => String(countAcknowledged(witness, lane)));
  const child = spawn(process.execPath, [PROGRAM, folder, String(plan.publishForMs), ...starts], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { killAfterMs } = plan;
  let timer: NodeJS.Timeout | undefined;
  const killSoon = () => {
    if (killAfterMs !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  };
  if (plan.since === 'start') killSoon();
  let isDone = false;
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, id = '', ...lane] = line.split(' ');
    if (word === 'ack') {
      witness.acknowledged.add(id);
      killSoon();
    }
    if (word === 'saw') witness.seen.get(lane.slice(0, 2).join(' '))?.push(id);
    isDone ||= line === 'done';
  }
  clearTimeout(timer);
  return { code: await exited, isDone };
}

/** Facts acknowledged in a lane without a gap from the first on. */
function countAcknowledged({ acknowledged }: Witness, lane: string): number {
  let count = 0;
  while (acknowledged.has(assetRemoved(lane, count).id)) count++;
  return count;
}

async function readLog(folder: string): Promise<readonly StoredFact[]> {
  const state = await openPgliteStateStore({ folder });
  const bus = await openStateStoreBus({ state, clock: systemClock, logger: createLogger({ level: 'error' }) });
  const log = await bus.read({ limit: 1_000_000 });
  await bus.close();
  await state.close();
  return log;
}
