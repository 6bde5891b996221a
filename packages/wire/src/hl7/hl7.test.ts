import { describe, expect, it } from 'vitest';
import { bytes } from '../testing/bytes.ts';
import { client, evidenceOf, play, server } from '../testing/play.ts';
import { hl7 } from './protocol.ts';

/** HL7 v2.5.1 chapter 2; MLLP release 1: 0x0b before, 0x1c 0x0d behind. */
function framed(...segments: readonly string[]): Uint8Array {
  return bytes(0x0b, `${segments.join('\r')}\r`, 0x1c, 0x0d);
}

const ADMISSION = framed(
  'MSH|^~\\&|HIS|CENTRAL|LIS|LAB|20260101120000||ADT^A01^ADT_A01|4711|P|2.5.1',
  'PID|1||99887766^^^HOSP||Doe^Jane||19700101|F|||Secret Street 1',
  'PV1|1|I|ICU^2',
);
const ACKNOWLEDGEMENT = framed('MSH|^~\\&|LIS|LAB|HIS|CENTRAL|20260101120001||ACK^A01|1|P|2.5.1', 'MSA|AA|4711');

describe('HL7 v2 over MLLP', () => {
  const { records } = play(hl7, [client(ADMISSION), server(ACKNOWLEDGEMENT)]);

  it('tells who sends what to whom, and how it was acknowledged', () => {
    expect(records).toMatchObject([
      {
        activity: 'message',
        messageType: 'ADT^A01',
        version: '2.5.1',
        sendingApplication: 'HIS',
        receivingApplication: 'LIS',
        segments: ['MSH', 'PID', 'PV1'],
      },
      { activity: 'acknowledgement', acknowledgementCode: 'AA', sentBy: 'server' },
    ]);
  });

  it('says nothing of the patient, neither in records nor in evidence', () => {
    const told = JSON.stringify(records) + evidenceOf(hl7, records).join();
    for (const secret of ['Doe', 'Jane', '99887766', '19700101', 'Secret Street']) expect(told).not.toContain(secret);
  });
});
