import type { TelemetryRow } from '@sphinx/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFlow, readRecord } from './read-traffic.ts';
import { findSilence, type HeardHour } from './silence.ts';
import { judgeTraffic, NO_TRAFFIC, TrafficWindow } from './traffic-window.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Wednesday at 14:00 UTC. */
const WEDNESDAY = Date.UTC(2026, 10, 25, 14);
const weekdayOf = (time: number) => new Date(time).getUTCDay();

const flow = (fields: Partial<TelemetryRow<'network_activity'>>) =>
  ({
    transport: 'tcp',
    state: 'closed',
    packets_in: 5,
    tcp_flags_out: 0x1b,
    ...fields,
  }) as TelemetryRow<'network_activity'>;
const record = (app_name: string, activity: string, details: object | string) =>
  ({
    app_name,
    activity,
    details: typeof details === 'string' ? details : JSON.stringify(details),
  }) as TelemetryRow<'protocol_activity'>;

describe('Traffic of a service', () => {
  it('is refused where nobody answers or somebody resets, and not where only one direction is seen', () => {
    expect(readFlow(flow({}))).toEqual({ connections: 1, refused: 0 });
    expect(readFlow(flow({ state: 'one-way', packets_in: 0, tcp_flags_out: 2 }))).toEqual({
      connections: 1,
      refused: 1,
    });
    expect(readFlow(flow({ state: 'rejected', packets_in: 1 }))).toEqual({ connections: 1, refused: 1 });
    expect(readFlow(flow({ state: 'one-way', packets_in: 0, tcp_flags_out: 0x1a }))).toEqual({
      connections: 1,
      refused: 0,
    });
    expect(readFlow(flow({ transport: 'udp' }))).toBeUndefined();
  });

  it.each([
    ['dicom', 'operation', { outcome: 'success', invokedBy: 'client' }, { requests: 1, failures: 0 }],
    ['dicom', 'operation', { outcome: 'failure', invokedBy: 'client' }, { requests: 1, failures: 1 }],
    ['dicom', 'operation', { outcome: 'unanswered', invokedBy: 'client' }, { requests: 1, failures: 1 }],
    ['dicom', 'operation', { outcome: 'failure', invokedBy: 'server' }, undefined],
    ['dicom', 'associate-reject', {}, { requests: 1, failures: 1 }],
    ['hl7', 'message', { sentBy: 'client' }, { messages: 1 }],
    [
      'hl7',
      'acknowledgement',
      { sentBy: 'server', acknowledgementCode: 'AE' },
      { acknowledgements: 1, requests: 1, failures: 1 },
    ],
    ['http', 'exchange', { status: 503 }, { requests: 1, failures: 1 }],
    ['fhir', 'exchange', { status: 404 }, { requests: 1, failures: 0 }],
    ['http', 'exchange', 'no JSON', undefined],
    [
      'tcp',
      'retransmission',
      { segments: 200, repeatedToServer: 3, repeatedToClient: 9 },
      { repeating: 1, segments: 200, repeated: 12 },
    ],
    ['tcp', 'retransmission', { segments: 'many' }, undefined],
    ['dns', 'query', { status: 500 }, undefined],
  ])('tells of %s %s %o', (protocol, activity, details, expected) => {
    expect(readRecord(record(protocol, activity, details))).toEqual(expected);
  });

  it('never breaks on details that are none', () => {
    fc.assert(
      fc.property(fc.constantFrom('dicom', 'hl7', 'http', 'tcp'), fc.json(), (protocol, details) => {
        for (const activity of ['operation', 'message', 'acknowledgement', 'retransmission'])
          readRecord(record(protocol, activity, details));
      }),
    );
  });
});

describe('What ten minutes say', () => {
  const judge = (count: Partial<typeof NO_TRAFFIC>, acknowledged?: Partial<typeof NO_TRAFFIC>) =>
    judgeTraffic(
      { ...NO_TRAFFIC, ...count },
      acknowledged === undefined ? undefined : { ...NO_TRAFFIC, ...acknowledged },
    ).state;

  it('is nothing without traffic, good where it works, and bad by the share that fails', () => {
    expect(judge({})).toBe('unknown');
    expect(judge({ requests: 100, failures: 5 })).toBe('up');
    expect(judge({ requests: 100, failures: 25 })).toBe('degraded');
    expect(judge({ requests: 100, failures: 90 })).toBe('down');
    expect(judge({ connections: 12, refused: 12 })).toBe('down');
  });

  it('is degraded where the network loses packets of several connections, and not for one that is far away', () => {
    expect(judge({ connections: 20, repeating: 6, segments: 1000, repeated: 80 })).toBe('degraded');
    expect(judge({ connections: 20, repeating: 1, segments: 1000, repeated: 80 })).toBe('up');
    expect(judge({ connections: 20, repeating: 6, segments: 10_000, repeated: 80 })).toBe('up');
  });

  it('is not much where little was seen', () => {
    expect(judge({ requests: 4, failures: 4 })).toBe('up');
    expect(judge({ requests: 6, failures: 6 })).toBe('degraded');
  });

  it('counts messages that nobody acknowledges, of who acknowledges at all', () => {
    expect(judge({}, { messages: 6, acknowledgements: 2 })).toBe('degraded');
    expect(judge({}, { messages: 20 })).toBe('down');
    expect(judge({ messages: 20, connections: 1 })).toBe('up');
    const window = new TrafficWindow();
    for (let at = 0; at < 20; at += 1) window.add(WEDNESDAY + at * 1000, { messages: 1 });
    expect(window.judge(WEDNESDAY + 3 * 60_000).state).toBe('unknown');
    window.add(WEDNESDAY, { acknowledgements: 1 });
    expect(window.judge(WEDNESDAY + 3 * 60_000)).toMatchObject({ message: expect.stringMatching(/19 of 20/) });
  });

  it('gives time to answer, and forgets what is older', () => {
    const window = new TrafficWindow();
    window.add(WEDNESDAY - 60_000 * 30, { acknowledgements: 1 });
    for (let at = 0; at < 20; at += 1) window.add(WEDNESDAY, { messages: 1 });
    expect(window.judge(WEDNESDAY + 30_000).state).toBe('unknown');
    expect(window.judge(WEDNESDAY + 60_000).state).toBe('down');
    expect(window.judge(WEDNESDAY + 60_000 * 15).state).toBe('unknown');
    for (let minute = 0; minute < 100; minute += 1) window.add(WEDNESDAY + minute * 60_000, { requests: 1 });
    expect(window.sum(WEDNESDAY + 99 * 60_000).requests).toBe(10);
  });
});

describe('Silence', () => {
  /** Heard from 8 to 17 o'clock on working days; the sensors hear somebody always. */
  const usual = (from: number, until: number): HeardHour[] => {
    const hours: HeardHour[] = [];
    for (let hour = from; hour < until; hour += HOUR) {
      const isWorkingDay = ![0, 6].includes(weekdayOf(hour));
      const clock = new Date(hour).getUTCHours();
      hours.push({ hour, isHeard: isWorkingDay && clock >= 8 && clock < 17 });
    }
    return hours;
  };
  const silentFrom = (hour: number, days = 29) =>
    usual(WEDNESDAY - days * DAY, WEDNESDAY).map((each) => ({ ...each, isHeard: each.isHeard && each.hour < hour }));

  it('is told when a device that is always heard at this time is not', () => {
    const silence = findSilence(silentFrom(WEDNESDAY - 2 * HOUR), WEDNESDAY, weekdayOf);
    expect(silence).toEqual({ since: WEDNESDAY - 2 * HOUR, usualDays: 20, days: 20 });
  });

  it('is not told in an hour that it was heard in, nor at night, nor at the weekend', () => {
    expect(findSilence(usual(WEDNESDAY - 28 * DAY, WEDNESDAY), WEDNESDAY, weekdayOf)).toBeUndefined();
    expect(findSilence(silentFrom(WEDNESDAY - HOUR), WEDNESDAY, weekdayOf)).toBeUndefined();
    const night = WEDNESDAY + 10 * HOUR;
    expect(findSilence(usual(night - 28 * DAY, night), night, weekdayOf)).toBeUndefined();
    const sunday = WEDNESDAY + 4 * DAY;
    expect(findSilence(usual(sunday - 28 * DAY, sunday), sunday, weekdayOf)).toBeUndefined();
  });

  it('is not told where too little is known, or where the sensors were deaf', () => {
    expect(findSilence(silentFrom(WEDNESDAY - 2 * HOUR, 4), WEDNESDAY, weekdayOf)).toBeUndefined();
    const deaf = silentFrom(WEDNESDAY - 2 * HOUR).filter(({ hour }) => hour < WEDNESDAY - 2 * HOUR);
    expect(findSilence(deaf, WEDNESDAY, weekdayOf)).toBeUndefined();
  });
});
