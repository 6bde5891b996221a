import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { activitiesOf, recordsOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect } from '../testing/play.ts';
import { opcUa } from './protocol.ts';

const CAPTURE = sharedData('ndpi/pcap/opc-ua.pcap');

describe('OPC UA', () => {
  it('does not take a text that begins with one of its words', () => {
    expect(detect(opcUa, [client(Buffer.from('HELO mail.example.org\r\n'))])).toBe('reject');
  });
});

describe.skipIf(CAPTURE === undefined)('OPC UA in a capture (shared/data)', () => {
  it('pairs services with their answers and tells that the channel is not protected', () => {
    const batch = sense(CAPTURE ?? '');
    expect(activitiesOf(batch, 'opc-ua')).toMatchObject({ 'hello success': 1, 'message success': 91 });
    const services = new Set(recordsOf(batch, 'opc-ua').map((record) => ('service' in record ? record.service : '')));
    expect([...services]).toEqual(
      expect.arrayContaining(['get-endpoints-request', 'create-session-request', 'activate-session-request']),
    );
    expect(valuesOf(batch, '127.0.0.1', 'opc-ua.security-policy')).toEqual(['None']);
    expect(valuesOf(batch, '127.0.0.1', 'opc-ua.endpoint')).toEqual(['opc.tcp://localhost:4840']);
  });
});
