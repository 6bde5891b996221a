import { writeSync } from 'node:fs';
import { createFact, type Fact } from '@sphinx/schema';
import { systemClock } from '../../clock/clock.ts';
import { createLogger } from '../../observability/logger.ts';
import { openPgliteStateStore } from '../../state-store/pglite/pglite-state-store.ts';
import { assetRemoved } from '../test-facts.ts';
import { openStateStoreBus } from './embedded-bus.ts';

/**
 * The program that `kill.test.ts` kills. It publishes on several lanes without waiting in between, and says one line for
 * every fact that was acknowledged (`ack <id>`) and that its reader saw (`saw <id> <lane> <number>`).
 *
 * Arguments: folder, milliseconds to publish before it ends by itself, and the number with which each lane goes on.
 */
const [folder = '', publishForMs = '0', ...starts] = process.argv.slice(2);
/** Publications of one lane that are under way at once. */
const PIPELINE_DEPTH = 4;

const say = (line: string) => writeSync(1, `${line}\n`);
const state = await openPgliteStateStore({ folder });
const bus = await openStateStoreBus({ state, clock: systemClock, logger: createLogger({ level: 'error' }) });

await bus.subscribe(
  { consumer: 'reader', types: ['asset.removed'], from: 'beginning', batchSize: 7 },
  async (facts) => {
    for (const fact of facts) say(`saw ${fact.id} ${fact.key} ${fact.time}`);
  },
);
await bus.subscribe({ consumer: 'relay', types: ['asset.removed'], from: 'beginning', batchSize: 5 }, async (facts) => {
  await bus.publish(facts.map(requestFor));
});

const endAt = Date.now() + Number(publishForMs);
await Promise.all(starts.map((start, lane) => publishLane(`lane ${lane}`, Number(start))));
await bus.drained();
await bus.close();
await state.close();
say('done');

async function publishLane(key: string, start: number): Promise<void> {
  let next = start;
  const publishNext = async () => {
    while (Date.now() < endAt) {
      const facts = Array.from({ length: 1 + (next % 3) }, () => assetRemoved(key, next++));
      await bus.publish(facts);
      for (const { id } of facts) say(`ack ${id} ${key}`);
    }
  };
  await Promise.all(Array.from({ length: PIPELINE_DEPTH }, publishNext));
}

function requestFor(fact: Fact): Fact {
  const data = { assetId: fact.key, requestedBy: fact.id };
  return createFact('verification.requested', { key: fact.key, time: fact.time, source: 'relay', data });
}
