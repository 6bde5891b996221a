import { HostEvidence } from '@sphinx/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUTION_LEVELS, type Probe } from './probe.ts';
import { PROBES } from './registry.ts';
import { runAgainst } from './testing/run.ts';
import { scriptedNetwork } from './testing/scripted-network.ts';

const CREDENTIALS = ['ftp', 'http', 'mqtt', 'snmp'].map((protocol) => ({
  id: `${protocol}-default`,
  product: 'test',
  protocol,
  user: 'maker',
  password: 'from-the-manual',
}));

const asking = (run: Probe['run'], limits: Partial<Probe['limits']> = {}): Probe => ({
  id: 'test',
  title: 'Test',
  protocols: [],
  transport: 'tcp',
  ports: [80],
  sends: 'Something.',
  caution: 'asks',
  limits: { connections: 2, packets: 10, bytes: 100, answerBytes: 1000, timeoutMs: 300, ...limits },
  run,
});

describe('a probe', () => {
  it('is ended before it sends more than it declares', async () => {
    const network = scriptedNetwork(() => []);
    const greedy = asking(async ({ connect }) => {
      const stream = await connect();
      stream?.send(Buffer.alloc(60), 'first');
      stream?.send(Buffer.alloc(60), 'second');
      await stream?.receive(() => false);
    });
    const result = await runAgainst(greedy, network);
    expect(result.outcome).toBe('stopped');
    expect(Buffer.concat(network.heard)).toHaveLength(60);
    expect(result.sentBytes).toBe(60);
  });

  it('opens no more connections than it declares', async () => {
    const network = scriptedNetwork(() => []);
    const greedy = asking(async ({ connect }) => {
      for (;;) await connect();
    });
    expect((await runAgainst(greedy, network)).outcome).toBe('stopped');
    expect(network.opened).toBe(2);
  });

  it('reads no more than it declares', async () => {
    const network = scriptedNetwork(() => Array.from({ length: 100 }, () => Buffer.alloc(100)));
    const curious = asking(async ({ connect }) => {
      const stream = await connect();
      stream?.send('x', 'question');
      await stream?.receive(() => false);
    });
    expect((await runAgainst(curious, network)).receivedBytes).toBeLessThanOrEqual(1100);
  });

  it('ends at its deadline whatever the server does', async () => {
    const patient = asking(async ({ connect }) => {
      const stream = await connect();
      for (;;) await stream?.receive(() => false, 50);
    });
    expect(
      await runAgainst(
        patient,
        scriptedNetwork(() => []),
      ),
    ).toMatchObject({ outcome: 'stopped', reason: 'Its time was up.' });
  });

  it('ends at once when somebody stops it, and sends nothing more', async () => {
    const abort = new AbortController();
    const network = scriptedNetwork(() => {
      abort.abort();
      return [];
    });
    const steady = asking(
      async ({ connect }) => {
        const stream = await connect();
        stream?.send('one', 'first');
        await stream?.receive(() => false);
        stream?.send('two', 'second');
      },
      { timeoutMs: 60_000 },
    );
    const result = await runAgainst(steady, network, { signal: abort.signal });
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'It was stopped.' });
    expect(network.heard.map(String)).toEqual(['one']);
  });

  it('puts everything that it sends on record before it leaves, passwords excepted', async () => {
    const network = scriptedNetwork(() => [Buffer.from('ok\n')]);
    const probe = asking(async ({ connect }) => {
      const stream = await connect();
      stream?.send('hello', 'greeting');
      await stream?.receive((bytes) => bytes.length > 0);
      stream?.send('secret', 'password of test', true);
      await stream?.receive((bytes) => bytes.length > 0);
    });
    const { records } = await runAgainst(probe, network);
    const sent = records.filter(({ direction }) => direction === 'sent');
    expect(sent.map(({ kind, what, bytes }) => [kind, what, bytes])).toEqual([
      ['open', 'opens a TCP connection', 0],
      ['data', 'greeting', 5],
      ['data', 'password of test', 6],
      ['end', 'ends the connection', 0],
    ]);
    expect(sent.map(({ data }) => data?.length)).toEqual([undefined, 5, undefined, undefined]);
    expect(JSON.stringify(records)).not.toContain(Buffer.from('secret').toString('base64'));
  });
});

describe('every probe', () => {
  it('says in words what it sends, and what it may use', () => {
    expect(new Set(PROBES.map(({ id }) => id)).size).toBe(PROBES.length);
    for (const { id, sends, caution, limits, ports } of PROBES) {
      expect(sends.length, id).toBeGreaterThan(30);
      expect(sends, id).toMatch(/\.$/);
      expect(CAUTION_LEVELS, id).toContain(caution);
      expect(limits.packets, id).toBeGreaterThanOrEqual(limits.connections);
      expect(limits.timeoutMs, id).toBeLessThanOrEqual(60_000);
      for (const port of ports) expect(port, id).toBeLessThan(65_536);
    }
  });

  it('that logs in with a password needs a person', () => {
    for (const { id, needsPerson } of PROBES) expect(needsPerson === true, id).toBe(id.startsWith('default-'));
  });

  it.each(PROBES)(
    '$id takes whatever a hostile server sends, and stays within its limits',
    async (probe) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }),
          fc.array(fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...OPENINGS)), { maxLength: 2 }),
          async (answers, greetings) => {
            let next = 0;
            const network = scriptedNetwork(
              () => [answers[next++ % (answers.length || 1)] ?? Buffer.alloc(0), 'close'],
              greetings,
            );
            const limits = { ...probe.limits, timeoutMs: 40 };
            const result = await runAgainst({ ...probe, limits }, network, { credentials: CREDENTIALS });
            for (const item of result.evidence) HostEvidence.parse(item);
            expect(network.opened).toBeLessThanOrEqual(limits.connections);
            expect(Buffer.concat(network.heard).length).toBeLessThanOrEqual(limits.bytes);
          },
        ),
        { numRuns: 12 },
      );
    },
    30_000,
  );
});

/** What makes a probe go on, so that it meets nonsense later as well. */
const OPENINGS = [
  '220 ready\r\n',
  'SSH-2.0-x\r\n',
  'RFB 003.008\n',
  'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\n\r\n',
  '+PONG\r\n',
]
  .map((text) => new Uint8Array(Buffer.from(text)))
  .concat([new Uint8Array([2, 0, 0, 0, 0, 90, 0, 1]), new Uint8Array([22, 3, 3, 0, 8, 2, 0, 0, 4, 3, 3, 0, 0])]);
