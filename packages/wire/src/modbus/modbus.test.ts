import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { bytes, u16 } from '../testing/bytes.ts';
import { activitiesOf, recordsOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect, evidenceOf, play, server } from '../testing/play.ts';
import { modbus } from './protocol.ts';

const READS = sharedData('ndpi/pcap/modbus.pcap');
const WRITES = sharedData('quickdraw/modbus_test_data_part1.pcap');

function frame(transaction: number, unit: number, ...pdu: readonly number[]): Uint8Array {
  return bytes(u16(transaction), u16(0), u16(pdu.length + 1), unit, ...pdu);
}

describe('Modbus/TCP', () => {
  it('tells a request with its answer as one transaction', () => {
    const turns = [client(frame(1, 9, 3, 0, 10, 0, 2)), server(frame(1, 9, 3, 4, 0, 1, 0, 2))];
    expect(play(modbus, turns).records).toMatchObject([
      { functionName: 'read-holding-registers', unit: 9, address: 10, quantity: 2, outcome: 'success', exception: 0 },
    ]);
  });

  it('tells the exception with which a device refuses', () => {
    const turns = [client(frame(1, 9, 6, 0, 10, 0, 2)), server(frame(1, 9, 0x86, 2))];
    expect(play(modbus, turns).records).toMatchObject([{ function: 6, outcome: 'failure', exception: 2 }]);
  });

  it('keeps what was asked and never answered', () => {
    const { records } = play(modbus, [client(frame(1, 9, 5, 0, 1, 255, 0)), client(frame(2, 9, 5, 0, 1, 0, 0))]);
    expect(records.map(({ outcome }) => outcome)).toEqual(['unanswered', 'unanswered']);
  });

  it('reads vendor, product and revision from a device identification', () => {
    const objects = [3, 0, 5, ...Buffer.from('ACME '), 1, 2, ...Buffer.from('P1'), 2, 3, ...Buffer.from('1.0')];
    const { records } = play(modbus, [server(frame(1, 1, 43, 14, 1, 1, 0, 0, ...objects))]);
    expect(evidenceOf(modbus, records)).toContain('modbus.device=ACME (server)');
  });

  it('does not take what only begins with zeros', () => {
    expect(detect(modbus, [client(bytes(0, 0, 0, 0, 0, 20, 1, 3, new Uint8Array(14)))])).toBe('reject');
  });
});

describe.skipIf(READS === undefined || WRITES === undefined)('Modbus/TCP in captures (shared/data)', () => {
  it('pairs a long series of reads', () => {
    const batch = sense(READS ?? '');
    expect(activitiesOf(batch, 'modbus')).toEqual({ 'transaction success': 51, 'transaction unanswered': 4 });
    expect(recordsOf(batch, 'modbus')[0]).toMatchObject({ address: 1, quantity: 1, durationMs: 1.135 });
  });

  it('shows a controller that lets anybody write', () => {
    const batch = sense(WRITES ?? '');
    expect(valuesOf(batch, '10.0.0.3', 'ot.control-accepted')).toEqual(['write-single-coil', 'write-single-register']);
    expect(activitiesOf(batch, 'modbus')).toMatchObject({ 'transaction failure': 4 });
  });
});
