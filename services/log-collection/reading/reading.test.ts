import { fileURLToPath } from 'node:url';
import { LogFormat, type LogRecord } from '@sphinx/logs';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RaisedAlert } from '../alerts/alert-desk.ts';
import { IntakeQueue, type IntakeQueueOptions } from '../intake/intake-queue.ts';
import { LogIntake } from '../intake/log-intake.ts';
import { type LogRow, unreadRow } from '../intake/log-row.ts';
import { ReadingThread } from './reading-thread.ts';
import type { ReadingWork } from './reading-work.ts';
import { packRows, unpackRows } from './row-columns.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const ARRIVED = 1_790_000_000_000;

const recordOf = (raw: string): LogRecord => ({ raw, arrivedMs: ARRIVED, source: 'test/1', senderIp: '10.0.0.9' });

describe('Rows', () => {
  it('are the same behind the border between threads', () => {
    const row = fc.record({
      log_id: fc.string(),
      severity: fc.constantFrom('low', 'high'),
      src_port: fc.option(fc.nat(65_535)),
      is_parsed: fc.boolean(),
      time: fc.nat(),
      message: fc.string({ unit: 'binary' }),
      raw: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), (parts) => {
        const rows = parts.map((part): LogRow => ({ ...unreadRow(recordOf(part.raw), part.log_id), ...part }));
        const lines = rows.map(({ raw }) => raw);
        expect(unpackRows(structuredClone(packRows(rows)), lines)).toEqual(rows);
      }),
    );
  });
});

/** A queue before something that reads, with what comes out of it. */
function openQueue(reading: IntakeQueueOptions['reading'], room: Partial<IntakeQueueOptions['telemetry']> = {}) {
  const rows: LogRow[] = [];
  const raised: RaisedAlert[] = [];
  const intake = new LogIntake({ append: (_, more) => rows.push(...(more as readonly LogRow[])) && more.length });
  const queue = new IntakeQueue({
    reading,
    intake,
    telemetry: {
      statistics: () => ({ accepted: 0, dropped: 0, buffered: 0 }),
      flush: async () => undefined,
      ...room,
    },
    raised: (alerts) => raised.push(...alerts),
    media: () => undefined,
  });
  return { queue, intake, rows, raised };
}

describe('The queue', () => {
  it('is full when too much waits, which nothing that was taken suffers from', async () => {
    const asked: (() => void)[] = [];
    const read = ({ records, ids }: ReadingWork['read']['question']) =>
      new Promise<ReadingWork['read']['answer']>((resolve) => {
        const rows = packRows(records.map((record, index) => unreadRow(record, ids[index] ?? '')));
        asked.push(() => resolve({ rows, raised: [], media: [] }));
      });
    const { queue, rows } = openQueue({ read });
    const count = 100_000;
    for (let number = 0; number < count; number++) {
      expect(queue.isFull).toBe(false);
      queue.push(recordOf(`line ${number}`));
    }
    expect(queue.isFull).toBe(true);
    // Who waits for an answer has its turn nevertheless.
    const answered = queue.take([recordOf('by HTTP')]);
    queue.push(recordOf('of a sender that had sent it before it was told to wait'));
    await new Promise((resolve) => setImmediate(resolve));
    // No more than a few batches are asked for at a time.
    expect(asked).toHaveLength(3);
    let isDrained = false;
    const drained = queue.drained().then(() => {
      isDrained = true;
    });
    while (!isDrained) {
      for (const answer of asked.splice(0)) answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await drained;
    expect(await answered).toBe(1);
    expect(rows).toHaveLength(count + 2);
    expect(rows.map(({ raw }) => raw).slice(0, 4)).toEqual(['by HTTP', 'line 0', 'line 1', 'line 2']);
    expect(new Set(rows.map(({ log_id }) => log_id)).size).toBe(count + 2);
    expect([queue.isFull, queue.waiting]).toEqual([false, 0]);
  });

  it('waits for the store where that has much to write', async () => {
    let buffered = 150_000;
    const flush = async () => {
      buffered = 0;
    };
    const statistics = () => ({ accepted: 0, dropped: 0, buffered });
    const read = async ({ records, ids }: ReadingWork['read']['question']) => {
      expect(buffered).toBe(0);
      const rows = packRows(records.map((record, index) => unreadRow(record, ids[index] ?? '')));
      return { rows, raised: [], media: [] };
    };
    const { queue } = openQueue({ read }, { statistics, flush });
    expect(await queue.take([recordOf('one')])).toBe(1);
    expect(buffered).toBe(0);
  });
});

describe('The thread that reads', () => {
  const failures: Error[] = [];
  const reading = new ReadingThread({
    pipelines: [fileURLToPath(new URL('../../../knowledge/sigma-pipelines', import.meta.url))],
    media: { rules: [], fileKinds: {} },
    logger: QUIET,
    failed: (error) => failures.push(error),
    file: new URL('./test-faulty-worker.ts', import.meta.url),
  });
  afterAll(() => reading.close());
  const format = LogFormat.parse(
    parse(`
id: pump
title: Pump
kind: clinical
read: lines
lines: [{ pattern: 'PUMP %{INT:number} %{REST:what}' }]
columns: { object: number, activity: what }
cases: [{ line: PUMP 1 started, expect: { object: '1' } }]
`),
  );
  const rule = `
title: Pump Stopped
id: 7f0f7c1e-6f0a-4d6b-9b0a-0d5a6a3c1112
status: test
logsource: { product: pump }
detection: { words: [stopped], condition: words }
level: high
`;

  it('is started again where it ends, and nothing that was taken is lost', async () => {
    const { queue, rows, raised } = openQueue(reading);
    await reading.useFormats([{ ...format, logsource: { product: 'pump' } }]);
    expect((await reading.useRules([{ name: 'hospital/pump.yml', content: rule }])).loaded).toHaveLength(1);
    const lines = ['PUMP 1 started', 'PUMP 2 ends the thread', 'PUMP 3 is an error', 'PUMP 4 stopped'];
    const taken = queue.take(lines.map(recordOf));
    queue.push(recordOf('PUMP 5 stopped'));
    expect(await taken).toBe(4);
    await queue.drained();
    const found = rows.toSorted((a, b) => (a.raw < b.raw ? -1 : 1));
    expect(found.map(({ raw, is_parsed, object }) => [raw, is_parsed, object])).toEqual([
      ['PUMP 1 started', true, '1'],
      ['PUMP 2 ends the thread', false, ''],
      ['PUMP 3 is an error', false, ''],
      ['PUMP 4 stopped', true, '4'],
      ['PUMP 5 stopped', true, '5'],
    ]);
    expect(new Set(found.map(({ log_id }) => log_id)).size).toBe(5);
    // The same formats and rules are in force.
    expect(raised.map(({ message }) => message)).toEqual(
      Array.from({ length: 2 }, () => 'Pump Stopped in the log of 10.0.0.9.'),
    );
    expect(reading.restarts).toBe(4);
    expect(failures).toEqual([]);
  });

  it('takes in as it came what comes when it is closed', async () => {
    await reading.close();
    const { queue, rows } = openQueue(reading);
    expect(await queue.take([recordOf('PUMP 6 started')])).toBe(1);
    expect(rows[0]).toMatchObject({ is_parsed: false, kind: 'unparsed', message: 'PUMP 6 started' });
  });
});
