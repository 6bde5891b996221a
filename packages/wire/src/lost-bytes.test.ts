import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../tests/shared-data.ts';
import { CaptureReader } from './capture/capture-reader.ts';
import { createSensor } from './create-sensor.ts';
import { dicom } from './dicom/protocol.ts';
import { ldap } from './ldap/protocol.ts';
import type { SensorBatch } from './sensor.ts';
import { bytes, u32 } from './testing/bytes.ts';
import { associateAccept, associateRequest, command, dataSet, EXPLICIT, pdu } from './testing/dicom.ts';
import { ALL_FILES } from './testing/files.ts';
import { client, play, type Step, server } from './testing/play.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';

/** @returns the steps without `lost` bytes of one direction, from `from` on */
function withoutBytes(steps: readonly Step[], direction: Step['direction'], from: number, lost: number): Step[] {
  let position = 0;
  return steps.flatMap((step): Step[] => {
    if (step.direction !== direction || !('bytes' in step)) return [step];
    const start = position;
    position += step.bytes.length;
    const [first, last] = [clamp(from - start, step.bytes), clamp(from + lost - start, step.bytes)];
    if (first === last) return [step];
    const before = { direction, bytes: step.bytes.subarray(0, first) };
    const after = { direction, bytes: step.bytes.subarray(last) };
    return [before, { direction, lost: last - first }, after].filter(
      (part) => !('bytes' in part) || part.bytes.length > 0,
    );
  });
}

function clamp(position: number, { length }: Uint8Array): number {
  return Math.max(0, Math.min(length, position));
}

const stored = (messageId: number) => [
  client(command(1, { field: 1, sopClass: CT, messageId, hasDataSet: true })),
  client(dataSet(1, new Uint8Array(3000).fill(messageId))),
  server(command(1, { field: 0x8001, sopClass: CT, respondedTo: messageId, status: 0 })),
];
const ASSOCIATION = [
  client(associateRequest('MODALITY', 'ARCHIVE', [{ id: 1, sopClass: CT, transferSyntaxes: [EXPLICIT] }])),
  server(associateAccept('MODALITY', 'ARCHIVE', [{ id: 1, transferSyntax: EXPLICIT }])),
];
const STORES = [
  ...ASSOCIATION,
  ...stored(1),
  ...stored(2),
  ...stored(3),
  client(pdu(5, u32(0))),
  server(pdu(6, u32(0))),
];

describe('An association of which bytes were lost', () => {
  const opening = ASSOCIATION[0]?.bytes.length ?? 0;
  const store = (stored(1)[0]?.bytes.length ?? 0) + (stored(1)[1]?.bytes.length ?? 0);

  it('tells the objects before and behind them, wherever they were lost within one', () => {
    for (let offset = 0; offset < store - 40; offset += 97) {
      const { records } = play(dicom, withoutBytes(STORES, 'to-server', opening + store + offset, 40));
      const whole = records.filter((record) => record.activity === 'operation' && record.isDataSetWhole);
      expect(whole.length, `lost from ${offset}`).toBeGreaterThanOrEqual(2);
      expect(records.map(({ activity }) => activity)).toContain('release');
    }
  });

  it('is told as ended although its opening was torn', () => {
    const { records } = play(dicom, withoutBytes(STORES, 'to-server', 30, 60));
    expect(records.filter(({ activity }) => activity === 'operation')).toHaveLength(3);
  });
});

/** One element of BER (X.690 §8.1). */
const ber = (tag: number, ...contents: readonly (string | number | Uint8Array)[]): Uint8Array => {
  const body = bytes(...contents);
  return bytes(tag, body.length, body);
};
const deletion = (id: number) => [
  client(ber(0x30, ber(2, id), ber(0x4a, `uid=nobody${id},ou=ward,o=hospital`))),
  server(ber(0x30, ber(2, id), ber(0x6b, ber(10, 0), ber(4), ber(4)))),
];

describe('A directory of which bytes were lost', () => {
  it('goes on with the next message', () => {
    const steps = [deletion(1), deletion(2), deletion(3)].flat();
    const length = steps[0]?.bytes.length ?? 0;
    for (let offset = 0; offset < length; offset += 3) {
      const { records } = play(ldap, withoutBytes(steps, 'to-server', length + offset, 5));
      expect(
        records.filter(({ outcome, activity }) => outcome === 'success' && activity === 'delete').length,
      ).toBeGreaterThanOrEqual(2);
    }
  });
});

const CAPTURES = ['pcaps/hospital-lab.pcap', 'suricata-verify/smb-eicar-padding/smb1_eicar_andx_write_padding2.pcap'];
const TRIES = 40;

/** @param dropped number of the packet that the mirror port did not give, from 0; none when negative */
function senseWithout(path: string, dropped: number): { readonly batch: SensorBatch; readonly packets: number } {
  const sensor = createSensor({ source: 'test', isSample: false, files: ALL_FILES });
  let packets = 0;
  const reader = new CaptureReader({
    packet: (...packet) => {
      if (packets++ !== dropped) sensor.packet(...packet);
    },
  });
  reader.push(readFileSync(path));
  reader.end();
  sensor.finish();
  return { batch: sensor.takeBatch(), packets };
}

describe.each(CAPTURES)('Of %s, with one packet lost on the mirror port', (name) => {
  const path = sharedData(name);

  it.skipIf(path === undefined)('no file is told as whole that is not, and nearly all the rest is told', () => {
    const { batch, packets } = senseWithout(path ?? '', -1);
    const whole = new Set(batch.files.filter(({ isWhole }) => isWhole).map(({ sha256 }) => sha256));
    for (let packet = 0; packet < packets; packet += Math.ceil(packets / TRIES)) {
      const damaged = senseWithout(path ?? '', packet).batch;
      const told = damaged.files.filter(({ isWhole }) => isWhole).map(({ sha256 }) => sha256);
      expect(
        told.filter((digest) => !whole.has(digest)),
        `packet ${packet} lost`,
      ).toEqual([]);
      expect(damaged.records.length).toBeGreaterThanOrEqual(batch.records.length - 3);
    }
  });
});
