import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { hex } from '../testing/bytes.ts';
import { activitiesOf, sense, valuesOf } from '../testing/capture.ts';
import { client, detect } from '../testing/play.ts';
import { fins } from './protocol.ts';

const CAPTURE = sharedData('quickdraw/omron_test.pcap');

describe('Omron FINS', () => {
  it('takes single frames on the usual port only, where their header is all that tells them', () => {
    const frame = hex('80 00 02 00 00 00 00 01 00 01 05 01 00');
    expect([detect(fins, [client(frame)], 9600), detect(fins, [client(frame)])]).toEqual(['match', 'reject']);
  });
});

describe.skipIf(CAPTURE === undefined)('Omron FINS in a capture (shared/data)', () => {
  it('reads model and version of a controller over TCP and UDP', () => {
    const batch = sense(CAPTURE ?? '');
    expect(activitiesOf(batch, 'fins')).toEqual({ 'connect success': 1, 'transaction success': 2 });
    expect(valuesOf(batch, '10.1.1.164', 'fins.model')).toEqual(['CP1L-EL20DR-D']);
    expect(valuesOf(batch, '10.1.1.164', 'fins.version')).toEqual(['01.00 01.06']);
  });
});
