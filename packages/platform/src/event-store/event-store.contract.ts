import type { TelemetryRow } from '@sphinx/schema';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineFactory, EngineHarness } from '../engine-harness.ts';
import type {
  EventStore,
  TelemetryAggregate,
  TelemetryCondition,
  TelemetryQuery,
  TelemetryTest,
} from './event-store.ts';
import { BASE_TIME, flow, record } from './test-telemetry.ts';

type Flow = TelemetryRow<'network_activity'>;
const flows = (count: number) => Array.from({ length: count }, (_, number) => flow(number));

/**
 * Promises of every `EventStore`.
 *
 * @param factory opens a store that has room for `bufferedRows` rows that are not written yet
 */
export function describeEventStoreContract(
  name: string,
  factory: (bufferedRows: number) => ReturnType<EngineFactory<EventStore>>,
): void {
  describe(`${name} keeps the promises of an event store`, () => {
    let harness: EngineHarness<EventStore>;
    let store: EventStore;
    const select = (query: Partial<TelemetryQuery<'network_activity'>> = {}) =>
      store.select('network_activity', { order: 'oldest-first', limit: 10_000, ...query });
    const aggregate = (query: Partial<TelemetryAggregate<'network_activity'>>) =>
      store.aggregate('network_activity', { groupBy: [], limit: 1000, ...query });

    beforeEach(async () => {
      harness = await factory(5000);
      store = harness.engine;
    });
    afterEach(() => harness.dispose());

    describe('taking telemetry', () => {
      it('gives rows of every table back as they were taken', async () => {
        const odd = record(2, { details: `{"quote":"' \\" ü 🫀"}`, activity: '' });
        store.append('network_activity', [flow(1, { vlan_uid: 7, is_sample: true, bytes_out: 2 ** 52 })]);
        store.append('protocol_activity', [odd]);
        expect(await select()).toEqual([flow(1, { vlan_uid: 7, is_sample: true, bytes_out: 2 ** 52 })]);
        expect(await store.select('protocol_activity', { limit: 10 })).toEqual([odd]);
      });

      it('shows what was taken at once, without waiting for the next write', async () => {
        store.append('network_activity', flows(3));
        expect(await select()).toHaveLength(3);
      });

      it('keeps what was flushed, and what was not, when it is closed and opened again', async () => {
        store.append('network_activity', flows(2));
        await store.flush();
        store.append('network_activity', [flow(2)]);
        store = await harness.reopen();
        expect(await select()).toEqual(flows(3));
      });

      it('drops what it has no room for, says how many, and counts every one', async () => {
        expect(store.append('network_activity', flows(4000))).toBe(4000);
        expect(store.append('network_activity', flows(4000))).toBe(1000);
        expect(store.append('protocol_activity', [record(1)])).toBe(0);
        expect(store.statistics()).toEqual({ accepted: 5000, dropped: 3001, buffered: 5000 });
        await store.flush();
        expect(store.statistics()).toEqual({ accepted: 5000, dropped: 3001, buffered: 0 });
        expect(store.append('protocol_activity', [record(1)])).toBe(1);
        expect(await select()).toHaveLength(5000);
      });

      it('shows rows to who listens as they come, those too that there is no room for, until it ends', () => {
        const seen: number[] = [];
        const end = store.subscribe('network_activity', (rows) => seen.push(rows.length));
        store.append('protocol_activity', [record(1)]);
        store.append('network_activity', flows(4000));
        store.append('network_activity', flows(4000));
        end();
        store.append('network_activity', flows(2));
        expect(seen).toEqual([4000, 4000]);
      });

      it('takes rows although who listens fails', () => {
        store.subscribe('network_activity', () => {
          throw new Error('listener');
        });
        expect(store.append('network_activity', flows(2))).toBe(2);
        expect(store.append('network_activity', flows(2))).toBe(2);
      });

      it('takes rows while it writes and while it is asked, and loses none', async () => {
        const asked: Promise<readonly Flow[]>[] = [];
        for (let round = 0; round < 20; round++) {
          store.append(
            'network_activity',
            Array.from({ length: 50 }, (_, index) => flow(round * 50 + index)),
          );
          asked.push(select());
        }
        const counts = (await Promise.all(asked)).map((rows) => rows.length);
        expect(counts).toEqual(counts.toSorted((a, b) => a - b));
        expect(await select()).toEqual(flows(1000));
      });

      it('drops and counts a row that is not what its table promises, and keeps those beside it', async () => {
        const unfit = [
          { bytes_in: Number.NaN },
          { time: '2026' },
          { app_name: 7 },
          { is_sample: null },
          { src_ip: undefined },
        ];
        const rows = unfit.map((change, index) => ({ ...flow(index + 10), ...change }) as Flow);
        store.append('network_activity', [flow(0), ...rows, flow(1)]);
        expect(await select()).toEqual([flow(0), flow(1)]);
        expect(store.statistics()).toEqual({ accepted: 2, dropped: 5, buffered: 0 });
      });

      it('drops and counts what comes after it was closed', async () => {
        await store.close();
        await store.close();
        expect(store.append('network_activity', flows(3))).toBe(0);
        expect(store.statistics().dropped).toBe(3);
        await expect(select()).rejects.toMatchObject({ code: 'SPX_UNAVAILABLE' });
      });

      it('finishes what it was asked before it closes', async () => {
        store.append('network_activity', flows(100));
        await store.flush();
        const asked = [select(), aggregate({}), select({ address: '10.0.0.1' })];
        await Promise.all([...asked, store.close()]);
        expect((await asked[0])?.length).toBe(100);
      });

      it('takes any text from the wire and can be asked for it afterwards', async () => {
        const text = fc.string({ unit: 'binary', maxLength: 60 });
        await fc.assert(
          fc.asyncProperty(text, text, async (app_name, flow_id) => {
            await store.remove('network_activity', {});
            store.append('network_activity', [flow(1, { app_name, flow_id })]);
            const [row] = await select();
            expect(row?.app_name).toBe(app_name.replaceAll('\0', '\u2400'));
            expect(await select({ equals: { flow_id: row?.flow_id ?? '' } })).toHaveLength(1);
          }),
          { numRuns: 60 },
        );
      });
    });

    describe('showing rows', () => {
      it('shows them by time, either way, whatever the order in which they came', async () => {
        store.append('network_activity', [flow(2), flow(0), flow(1)]);
        expect(await select()).toEqual(flows(3));
        expect(await select({ order: 'newest-first' })).toEqual(flows(3).toReversed());
      });

      it('shows them page by page, each once', async () => {
        store.append(
          'network_activity',
          flows(25).map((row) => ({ ...row, time: BASE_TIME })),
        );
        const pages = await Promise.all([0, 10, 20].map((offset) => select({ limit: 10, offset })));
        expect(pages.map((page) => page.length)).toEqual([10, 10, 5]);
        expect(new Set(pages.flat().map(({ flow_id }) => flow_id)).size).toBe(25);
      });

      it('shows records of one packet page by page, each once', async () => {
        const activities = Array.from({ length: 25 }, (_, number) => `step ${number}`);
        store.append(
          'protocol_activity',
          activities.map((activity) => record(1, { activity })),
        );
        const shown: string[] = [];
        for (const offset of [0, 1, 8, 15, 22]) {
          const limit = offset === 0 ? 1 : 7;
          const page = await store.select('protocol_activity', { limit, offset });
          shown.push(...page.map(({ activity }) => activity));
        }
        expect(shown.toSorted()).toEqual(activities.toSorted());
      });

      it('leaves out what is before the start, and at or after the end', async () => {
        store.append('network_activity', flows(10));
        const rows = await select({ from: BASE_TIME + 3000, until: BASE_TIME + 5000 });
        expect(rows).toEqual([flow(3), flow(4)]);
      });

      it('finds rows by value, by missing value, and by the address of either end', async () => {
        const rows = [
          flow(0, { vlan_uid: 5 }),
          flow(1, { src_ip: '10.9.9.9' }),
          flow(2, { dst_ip: '10.9.9.9', is_sample: true }),
        ];
        store.append('network_activity', rows);
        expect(await select({ equals: { vlan_uid: 5 } })).toEqual([rows[0]]);
        expect(await select({ equals: { vlan_uid: null } })).toEqual(rows.slice(1));
        expect(await select({ equals: { is_sample: true } })).toEqual([rows[2]]);
        expect(await select({ address: '10.9.9.9' })).toEqual(rows.slice(1));
        expect(await select({ address: '10.9.9.9', equals: { is_sample: false } })).toEqual([rows[1]]);
      });

      it('finds rows by what stands in them, in capitals or not, all that is asked for', async () => {
        const rows = [flow(0, { app_name: 'DICOM' }), flow(1, { app_name: 'http' }), flow(2, { state: 'dicomplete' })];
        store.append('network_activity', rows);
        const where = (text: string) => ({ text, columns: ['app_name', 'state'] as const });
        expect(await select({ contains: [where('dicom')] })).toEqual([rows[0], rows[2]]);
        expect(await select({ contains: [where('dicom'), where('PLETE')] })).toEqual([rows[2]]);
        for (const text of ['%', '_', "'", '\0']) expect(await select({ contains: [where(text)] })).toEqual([]);
      });

      it('shows them by any column, from a value of it on', async () => {
        const rows = [5, 1, 3, 3].map((size, number) => flow(number, { bytes_out: size }));
        store.append('network_activity', rows);
        const sizes = async (query: Partial<TelemetryQuery<'network_activity'>>) =>
          (await select({ orderBy: 'bytes_out', ...query })).map(({ bytes_out }) => bytes_out);
        expect(await sizes({})).toEqual([1, 3, 3, 5]);
        expect(await sizes({ order: 'newest-first', startAt: 3 })).toEqual([3, 3, 1]);
        expect(await sizes({ startAt: 3, offset: 1 })).toEqual([3, 5]);
      });

      it.each([
        ['a column that does not exist', { equals: { nonsense: 1 } as object }],
        ['an order by a column that does not exist', { orderBy: 'nonsense' as 'time' }],
        ['a search in numbers', { contains: [{ text: '1', columns: ['bytes_in' as const] }] }],
        ['a column that is a statement', { equals: { '1=1; DROP TABLE network_activity; --': 1 } as object }],
        ['a limit below zero', { limit: -1 }],
        ['an offset that is no whole number', { offset: 0.5 }],
      ])('refuses %s', async (_, query) => {
        await expect(select(query)).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
      });

      it('treats a value as a value, whatever it says', async () => {
        store.append('network_activity', [flow(1)]);
        expect(await select({ equals: { app_name: "' OR '1'='1" } })).toEqual([]);
        expect(await select({ address: "10.0.0.1' OR true --" })).toEqual([]);
        expect(await select()).toHaveLength(1);
      });
    });

    describe('conditions', () => {
      const test = (column: string, each: TelemetryTest, field?: string): TelemetryCondition => ({
        kind: 'test',
        column,
        test: each,
        ...(field === undefined ? {} : { field }),
      });
      const numbers = async (where: TelemetryCondition) =>
        (await select({ where })).map(({ packet_number }) => packet_number);

      beforeEach(() => {
        store.append('network_activity', [
          flow(0),
          flow(1, { app_name: 'TLS 1.3', src_mac: null }),
          flow(2, { app_name: '50% _off\\', dst_port: 443, is_encrypted: true }),
        ]);
      });

      it('compares text in capitals or not, wildcards as what they are, and signs of the language as text', async () => {
        expect(await numbers(test('app_name', { operator: 'equals', value: 'tls 1.3' }))).toEqual([2]);
        expect(await numbers(test('app_name', { operator: 'like', parts: ['', 's 1', ''] }))).toEqual([2]);
        expect(await numbers(test('app_name', { operator: 'like', parts: ['5', '% _', '\\'] }))).toEqual([3]);
        expect(await numbers(test('app_name', { operator: 'like', parts: ['_', ''] }))).toEqual([]);
      });

      it('compares numbers and truth', async () => {
        expect(await numbers(test('dst_port', { operator: 'at-least', value: 443 }))).toEqual([3]);
        expect(await numbers(test('dst_port', { operator: 'less', value: 104.5 }))).toEqual([1, 2]);
        expect(await numbers(test('dst_port', { operator: 'equals', value: '104' }))).toEqual([1, 2]);
        expect(await numbers(test('is_encrypted', { operator: 'equals', value: 'TRUE' }))).toEqual([3]);
      });

      it('negates also what is not there', async () => {
        const isThere = test('src_mac', { operator: 'present' });
        expect(await numbers(isThere)).toEqual([1, 3]);
        expect(await numbers({ kind: 'not', item: isThere })).toEqual([2]);
        const is = test('src_mac', { operator: 'equals', value: 'x' });
        expect(await numbers({ kind: 'not', item: is })).toEqual([1, 2, 3]);
      });

      it('joins conditions, and takes none for everything or nothing', async () => {
        const [one, two] = [443, 104].map((value) => test('dst_port', { operator: 'equals', value }));
        expect(await numbers({ kind: 'and', items: [one, two] as TelemetryCondition[] })).toEqual([]);
        expect(await numbers({ kind: 'or', items: [one, two] as TelemetryCondition[] })).toEqual([1, 2, 3]);
        expect(await numbers({ kind: 'and', items: [] })).toEqual([1, 2, 3]);
        expect(await numbers({ kind: 'or', items: [] })).toEqual([]);
      });

      it('looks into fields of a column that holds JSON, whatever their names are', async () => {
        const details = ['{"a.b":"X","n":12,"q\\"/~":"y"}', 'no JSON', '{}'];
        store.append(
          'protocol_activity',
          details.map((each, number) => record(number, { details: each })),
        );
        const found = async (field: string, each: TelemetryTest) =>
          (await store.select('protocol_activity', { limit: 10, where: test('details', each, field) })).map(
            ({ packet_number }) => packet_number,
          );
        expect(await found('a.b', { operator: 'equals', value: 'x' })).toEqual([1]);
        expect(await found('n', { operator: 'more', value: 11 })).toEqual([1]);
        expect(await found('q"/~', { operator: 'present' })).toEqual([1]);
        expect(await found("'; DROP TABLE x", { operator: 'present' })).toEqual([]);
      });

      it('refuses a column that is not there, and a tree without end', async () => {
        const wrong = test('1=1; --', { operator: 'present' });
        await expect(select({ where: wrong })).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
        let deep: TelemetryCondition = test('app_name', { operator: 'present' });
        for (let depth = 0; depth < 500; depth++) deep = { kind: 'not', item: deep };
        await expect(select({ where: deep })).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
      });
    });

    describe('adding up', () => {
      it('counts and sums by group, the largest first', async () => {
        store.append('network_activity', [...flows(3), flow(3, { app_name: 'tls', bytes_out: 7 })]);
        expect(await aggregate({ groupBy: ['app_name'], sum: ['bytes_out', 'packets_in'] })).toEqual([
          { app_name: 'dicom', count: 3, sum_bytes_out: 3000, sum_packets_in: 6 },
          { app_name: 'tls', count: 1, sum_bytes_out: 7, sum_packets_in: 2 },
        ]);
      });

      it('puts rows into buckets of time, named by their start', async () => {
        store.append('network_activity', flows(25));
        const buckets = await aggregate({ bucketMs: 10_000, orderBy: 'bucket', descending: false, sum: ['bytes_in'] });
        expect(buckets).toEqual([
          { bucket: BASE_TIME, count: 10, sum_bytes_in: 100 },
          { bucket: BASE_TIME + 10_000, count: 10, sum_bytes_in: 100 },
          { bucket: BASE_TIME + 20_000, count: 5, sum_bytes_in: 50 },
        ]);
      });

      it('says zero for nothing, not nothing', async () => {
        expect(await aggregate({ sum: ['bytes_in'] })).toEqual([{ count: 0, sum_bytes_in: 0 }]);
        expect(await aggregate({ groupBy: ['app_name'] })).toEqual([]);
      });

      it('sums what one number of 64 bits would not hold', async () => {
        store.append(
          'network_activity',
          Array.from({ length: 3 }, (_, n) => flow(n, { bytes_out: Number.MAX_SAFE_INTEGER })),
        );
        const [row] = await aggregate({ sum: ['bytes_out'] });
        expect(row?.sum_bytes_out).toBeCloseTo(3 * Number.MAX_SAFE_INTEGER, -3);
      });

      it('adds up what the filter lets through only, up to the limit', async () => {
        store.append('network_activity', [...flows(3), flow(3, { app_name: 'tls' }), flow(4, { app_name: 'ntp' })]);
        const rows = await aggregate({ groupBy: ['app_name'], from: BASE_TIME + 1000, limit: 2 });
        expect(rows).toEqual([
          { app_name: 'dicom', count: 2 },
          { app_name: 'ntp', count: 1 },
        ]);
      });

      it('keeps missing values as a group of their own', async () => {
        store.append('network_activity', [flow(0), flow(1), flow(2, { vlan_uid: 3 })]);
        expect(await aggregate({ groupBy: ['vlan_uid', 'is_sample'] })).toEqual([
          { vlan_uid: null, is_sample: false, count: 2 },
          { vlan_uid: 3, is_sample: false, count: 1 },
        ]);
      });

      it.each<[string, Partial<TelemetryAggregate<'network_activity'>>]>([
        ['an order by what is not shown', { orderBy: 'bytes_in' }],
        ['an order by buckets that were not asked for', { orderBy: 'bucket' }],
        ['a bucket of no length', { bucketMs: 0 }],
        ['a sum of text', { sum: ['app_name'] }],
        ['a group that is no column', { groupBy: ['count(*)' as 'app_name'] }],
      ])('refuses %s', async (_, query) => {
        await expect(aggregate(query)).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
      });

      it('adds up to what the rows say, for any rows', async () => {
        const rows = fc.array(
          fc.record({ app: fc.constantFrom('dicom', 'hl7', 'tls'), bytes: fc.nat(1_000_000), second: fc.nat(100) }),
          { maxLength: 80 },
        );
        await fc.assert(
          fc.asyncProperty(rows, async (drawn) => {
            await store.remove('network_activity', {});
            const taken = drawn.map(({ app, bytes, second }) => flow(second, { app_name: app, bytes_in: bytes }));
            store.append('network_activity', taken);
            const sums = await aggregate({
              groupBy: ['app_name'],
              sum: ['bytes_in'],
              orderBy: 'app_name',
              descending: false,
            });
            const expected = [...new Set(drawn.map(({ app }) => app))].toSorted().map((app) => {
              const own = drawn.filter((row) => row.app === app);
              return { app_name: app, count: own.length, sum_bytes_in: own.reduce((sum, { bytes }) => sum + bytes, 0) };
            });
            expect(sums).toEqual(expected);
          }),
          { numRuns: 30 },
        );
      });
    });

    describe('removing rows', () => {
      it('removes what fits the filter, written or not, says how many, and nothing else', async () => {
        store.append('network_activity', flows(10));
        store.append('protocol_activity', [record(1)]);
        expect(await store.remove('network_activity', { until: BASE_TIME + 4000 })).toBe(4);
        expect(await select()).toEqual(flows(10).slice(4));
        expect(await store.select('protocol_activity', { limit: 10 })).toHaveLength(1);
      });

      it('takes sample data away and leaves the rest', async () => {
        store.append('network_activity', [flow(0), flow(1, { is_sample: true, source_id: 'sample' })]);
        expect(await store.remove('network_activity', { equals: { source_id: 'sample' } })).toBe(1);
        expect(await select()).toEqual([flow(0)]);
      });

      it('removes nothing where a column is not known', async () => {
        store.append('network_activity', flows(2));
        const removal = store.remove('network_activity', { equals: { nonsense: 1 } as object });
        await expect(removal).rejects.toMatchObject({ code: 'SPX_INVALID_INPUT' });
        expect(await select()).toHaveLength(2);
      });
    });
  });
}
