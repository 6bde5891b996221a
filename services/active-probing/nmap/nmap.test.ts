import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nmapArguments } from './arguments.ts';
import { NmapTrace } from './trace.ts';

const TRACE = `Starting Nmap 7.93 ( https://nmap.org ) at 2026-11-30 12:52 UTC
CONN (1.9463s) TCP localhost > 10.0.0.7:6379 => Operation now in progress
CONN (1.9463s) TCP localhost > 10.0.0.7:6379 => Connected
CONN (1.9662s) TCP localhost > 10.0.0.7:80 => Operation now in progress
CONN (1.9662s) TCP localhost > 10.0.0.7:80 => Connection refused
NSOCK INFO [2.2450s] nsock_iod_new2(): nsock_iod_new (IOD #1)
NSOCK INFO [2.2450s] nsock_connect_tcp(): TCP connection requested to 10.0.0.7:6379 (IOD #1) EID 8
Service scan sending probe GetRequest to 10.0.0.7:6379 (tcp)
NSOCK INFO [8.3340s] nsock_write(): Write request for 18 bytes to IOD #1 EID 27 [10.0.0.7:6379]
NSOCK INFO [8.3341s] nsock_trace_handler_callback(): Callback: READ SUCCESS for EID 58 [10.0.0.7:6379] (50 bytes): -ERR wrong
NSOCK INFO [8.3342s] nsock_iod_delete(): nsock_iod_delete (IOD #1)
Nmap done: 1 IP address (1 host up) scanned in 13.45 seconds
`;

describe('what nmap says that it does', () => {
  it('is on record connection by connection, with the question that is put', () => {
    const told = new NmapTrace().push(TRACE);
    expect(
      told.map(({ direction, kind, port, connection, bytes }) => [direction, kind, port, connection, bytes]),
    ).toEqual([
      ['sent', 'open', 6379, 1, 0],
      ['sent', 'end', 6379, 1, 0],
      ['sent', 'open', 80, 2, 0],
      ['sent', 'open', 6379, 3, 0],
      ['sent', 'data', 6379, 3, 18],
      ['received', 'data', 6379, 3, 50],
      ['sent', 'end', 6379, 3, 0],
    ]);
    expect(told[4]?.what).toBe('nmap question GetRequest');
  });

  it('is the same in whatever pieces it comes', () => {
    const whole = new NmapTrace().push(TRACE);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1 }), (lengths) => {
        const trace = new NmapTrace();
        const told = [];
        for (let at = 0, turn = 0; at < TRACE.length; turn += 1) {
          const length = lengths[turn % lengths.length] ?? 1;
          told.push(...trace.push(TRACE.slice(at, at + length)));
          at += length;
        }
        expect(told).toEqual(whole);
      }),
    );
  });

  it('never throws, whatever it is', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom(...TRACE.split('\n')));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { port, bytes } of new NmapTrace().push(`${lines.join('\n')}\n`)) {
          expect(Number.isInteger(port) && Number.isInteger(bytes)).toBe(true);
        }
      }),
    );
  });
});

describe('the command line of nmap', () => {
  it('runs no script, guesses at nothing, repeats nothing, and keeps the rate', () => {
    const parameters = nmapArguments({
      ip: '10.0.0.7',
      ports: [80, 6379],
      packetsPerSecond: 25,
      dataFolder: '/d',
      xmlFile: '/x',
    });
    expect(parameters.at(-1)).toBe('10.0.0.7');
    expect(parameters).toEqual(expect.arrayContaining(['--unprivileged', '-sT', '-p', 'T:80,6379', '--datadir', '/d']));
    expect(parameters[parameters.indexOf('--max-rate') + 1]).toBe('8.33');
    expect(parameters.join(' ')).not.toMatch(/--script|-sC|-A\b|-O\b|-sU|-sS/);
  });
});
