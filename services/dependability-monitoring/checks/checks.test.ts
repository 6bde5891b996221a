import { X509Certificate } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadCheckDefinitions } from '../knowledge/check-definition.ts';
import { judgeBackups } from './backup.ts';
import { readDimseAnswer } from './clinical/dicom-answer.ts';
import { findStudyRequest, unknownStudyUid } from './clinical/dicom-find-request.ts';
import { readAcknowledgement } from './clinical/hl7.ts';
import { judgeMysql, judgePostgresql } from './infrastructure/database.ts';
import { dnsQuestion, readDnsAnswer } from './infrastructure/dns.ts';
import { readBindCode } from './infrastructure/ldap.ts';
import { readOffset } from './infrastructure/ntp.ts';
import { judgePing } from './infrastructure/ping.ts';
import { readUpTime, upTimeRequest } from './infrastructure/snmp.ts';
import { CHECKS } from './registry.ts';
import { createSelfSigned } from './test-certificate.ts';
import { judgeExpiry, judgeIdentity } from './web/certificate.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('Definitions of checks', () => {
  it('are there for the code, and code for each that sends something', async () => {
    const definitions = await loadCheckDefinitions(KNOWLEDGE);
    expect(definitions).toHaveLength(
      readdirSync(`${KNOWLEDGE}/availability-checks`).filter((name) => name.endsWith('.yaml')).length,
    );
    const sending = definitions.filter(({ transport }) => transport !== 'none').map(({ id }) => id);
    expect(sending.sort()).toEqual(Object.keys(CHECKS).sort());
  });
});

describe('Readers of answers', () => {
  it('never throw, whatever comes', () => {
    const readers: ((bytes: Buffer) => unknown)[] = [
      readDimseAnswer,
      readBindCode,
      judgePostgresql,
      (bytes) => judgeMysql(bytes, true),
      (bytes) => judgeMysql(bytes, false),
      (bytes) => readDnsAnswer(bytes, bytes.length >= 2 ? bytes.readUInt16BE(0) : 0),
      (bytes) => readOffset(bytes, 0, 0),
      (bytes) => readUpTime(bytes, 7),
      (bytes) => readAcknowledgement(bytes.toString('latin1'), 'A'),
    ];
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      // Close to what they read: a message with some bytes changed.
      fc
        .tuple(
          fc.constantFrom(findStudyRequest(1, '2.25.1'), upTimeRequest(7, 'public'), dnsQuestion(7, 'a.example')),
          fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 8 }),
        )
        .map(([bytes, changes]) => {
          const changed = Buffer.from(bytes);
          for (const [at, value] of changes) if (at < changed.length) changed[at] = value;
          return changed;
        }),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        for (const read of readers) read(Buffer.from(bytes));
      }),
    );
  });

  it('find the final status of a DICOM answer, over several PDUs and behind pending ones', () => {
    const answer = (status: number) => {
      const bytes = findStudyRequest(1, unknownStudyUid());
      // The priority of the request stands where a status would: (0000,0700) becomes (0000,0900).
      const at = bytes.indexOf(Buffer.from([0x00, 0x00, 0x00, 0x07]));
      bytes.writeUInt16LE(0x0900, at + 2);
      bytes.writeUInt16LE(status, at + 8);
      return bytes;
    };
    expect(readDimseAnswer(Buffer.concat([answer(0xff00), answer(0)]))).toEqual({ kind: 'status', status: 0 });
    expect(readDimseAnswer(answer(0xff00))).toBeUndefined();
    expect(readDimseAnswer(answer(0xa700))).toEqual({ kind: 'status', status: 0xa700 });
    expect(readDimseAnswer(answer(0).subarray(0, 40))).toBeUndefined();
    expect(readDimseAnswer(Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 0, 0]))).toEqual({ kind: 'abort' });
  });

  it('ask for a study by a random identifier that is allowed as one', () => {
    expect(unknownStudyUid()).toMatch(/^2\.25\.\d{1,39}$/);
    expect(unknownStudyUid()).not.toBe(unknownStudyUid());
  });

  it.each([
    ['MSA|AA|A', 'good'],
    ['MSA|CA|A', 'good'],
    ['MSA|AR|A', 'good'],
    ['MSA|AE|A', 'warning'],
    ['MSA|AA|B', 'warning'],
    ['MSA|ZZ|A', 'failed'],
    ['ERR|1', 'failed'],
  ])('take the acknowledgement %s as %s', (segment, outcome) => {
    expect(readAcknowledgement(`\x0bMSH|^~\\&|E\r${segment}\r\x1c\r`, 'A').outcome).toBe(outcome);
  });

  it('tell addresses of a DNS answer behind a compressed name', () => {
    const question = dnsQuestion(7, 'pacs.hospital.example');
    const answer = Buffer.concat([question, Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 7])]);
    answer[2] = 0x81;
    answer.writeUInt16BE(1, 6);
    expect(readDnsAnswer(answer, 7)).toEqual({ code: 0, addresses: ['10.0.0.7'] });
    expect(readDnsAnswer(answer, 8)).toBeUndefined();
  });

  it('reckon how far a clock is off, half of the way each', () => {
    const bytes = Buffer.alloc(48);
    bytes.set([0x24, 2]);
    for (const at of [32, 40]) bytes.writeUInt32BE(2_208_988_800 + 1000, at);
    expect(readOffset(bytes, 999_900, 1_000_100)).toBe(0);
    expect(readOffset(bytes, 994_900, 995_100)).toBe(5000);
    bytes[0] = 0xe4;
    expect(readOffset(bytes, 0, 0)).toMatch(/not set/);
    bytes[1] = 0;
    expect(readOffset(bytes, 0, 0)).toMatch(/not set/);
    bytes.write('RATE', 12);
    expect(readOffset(bytes, 0, 0)).toMatch(/refuses/);
  });

  it('tell a database that starts from one that refuses a user', () => {
    const error = (state: string) => Buffer.from(`E\0\0\0\x40SFATAL\0VFATAL\0C${state}\0Mno\0\0`, 'latin1');
    expect(judgePostgresql(error('57P03'))).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/starting/),
    });
    expect(judgePostgresql(error('53300')).outcome).toBe('failed');
    expect(judgePostgresql(error('28000')).outcome).toBe('good');
    expect(judgePostgresql(Buffer.from('HTTP/1.1 400')).outcome).toBe('failed');
    const packet = (code: number) =>
      Buffer.concat([Buffer.from([9, 0, 0, 0, 0xff, code & 255, code >> 8]), Buffer.from('why')]);
    expect(judgeMysql(packet(1040), true)?.outcome).toBe('failed');
    expect(judgeMysql(packet(1129), true)?.outcome).toBe('failed');
    expect(judgeMysql(packet(1045), false)?.outcome).toBe('good');
  });

  it('read what ping says, and say where it is missing', () => {
    expect(judgePing(0, '64 bytes from 10.0.0.1: icmp_seq=1 ttl=64 time=0.31 ms')).toMatchObject({
      figures: { pingMs: 0.31 },
    });
    expect(judgePing(1, '1 packets transmitted, 0 received').outcome).toBe('failed');
    expect(judgePing('ENOENT', '').message).toMatch(/iputils-ping/);
  });
});

describe('A certificate', () => {
  const certificate = new X509Certificate(createSelfSigned('archive.hospital.example', 30));
  const until = Date.parse(certificate.validTo);

  it('is warned of before it runs out, and fails when it has', () => {
    expect(judgeExpiry(certificate, until - 29 * DAY_MS, 21).outcome).toBe('good');
    expect(judgeExpiry(certificate, until - 20 * DAY_MS, 21)).toMatchObject({
      outcome: 'warning',
      figures: { daysLeft: 20 },
    });
    expect(judgeExpiry(certificate, until + 1000, 21).outcome).toBe('failed');
    expect(judgeExpiry(certificate, until - 40 * DAY_MS, 21).message).toMatch(/does not hold yet/);
  });

  it('that is another one than agreed speaks for somebody in between', () => {
    const asked = { host: 'archive.hospital.example', fingerprint: certificate.fingerprint256, issuer: '' };
    expect(judgeIdentity(certificate, asked).outcome).toBe('good');
    expect(judgeIdentity(certificate, { ...asked, fingerprint: '00'.repeat(32) })).toMatchObject({
      outcome: 'failed',
      isSuspicious: true,
    });
    expect(judgeIdentity(certificate, { ...asked, issuer: 'Hospital CA' }).isSuspicious).toBe(true);
    expect(judgeIdentity(certificate, { ...asked, host: 'other.example' }).outcome).toBe('warning');
  });
});

describe('Backups', () => {
  const limits = { maximumAgeHours: 26, shrinkPercent: 50 };
  const run = (hoursAgo: number, bytes: number | null = 1000, succeeded = true) => ({
    time: 100 * DAY_MS - hoursAgo * HOUR_MS,
    succeeded,
    bytes,
    note: '',
  });
  const judge = (...reports: ReturnType<typeof run>[]) => judgeBackups(reports, 100 * DAY_MS, limits).outcome;

  it('are fresh, late, failed, or much smaller than usual', () => {
    expect(judge(run(2), run(26), run(50), run(74))).toBe('good');
    expect(judge(run(27))).toBe('failed');
    expect(judge()).toBe('failed');
    expect(judge(run(2, null, false), run(20))).toBe('warning');
    expect(judge(run(2, null, false), run(30))).toBe('failed');
    expect(judge(run(2, 400), run(26), run(50), run(74))).toBe('warning');
    expect(judge(run(2, 400), run(26))).toBe('good');
    expect(judge(run(2, 0), run(26, 0), run(50, 0), run(74, 0))).toBe('good');
  });
});
