import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { sense, valuesOf } from '../testing/capture.ts';

const HOSPITAL = sharedData('pcaps/hospital-lab.pcap');

describe.skipIf(HOSPITAL === undefined)(
  'the file server of the laboratory (skipped where shared/data/pcaps is absent)',
  () => {
    const batch = sense(HOSPITAL ?? '');
    const values = (attribute: string) => valuesOf(batch, '10.20.30.33', attribute);

    it('chooses SMB 3.1.1, does not require signing, and lets guests in', () => {
      expect(values('smb.dialect')).toEqual(['SMB 3.1.1']);
      expect(values('smb.signing')).toEqual(['enabled']);
      expect(values('smb.guest')).toEqual(['true']);
    });

    it('says in its challenge what it is called', () => {
      expect(values('smb.name')).toEqual(['vm']);
      expect(values('smb.domain')).toEqual(['VM']);
    });

    it('has a client that would take SMB 2.0.2', () => {
      expect(valuesOf(batch, '10.20.30.103', 'smb.client.dialect')).toEqual(['SMB 2.0.2']);
    });

    it('shows its shares, and neither a user nor the name of a file', () => {
      expect(values('smb.share')).toEqual(['IPC$', 'scans']);
      const told = JSON.stringify(batch.records.filter(({ record }) => record.protocol === 'smb'));
      expect(told).not.toMatch(/root|\.(?:pdf|txt|tif)|\\\\/i);
    });
  },
);

const OLD = sharedData('ndpi/pcap/smbv1.pcap');

describe.skipIf(OLD === undefined)('a recorded SMB 1 server (skipped where shared/data/ndpi is absent)', () => {
  it('is known for one, without signing', () => {
    const batch = sense(OLD ?? '');
    expect(valuesOf(batch, '10.128.0.243', 'smb.dialect')).toEqual(['SMB 1']);
    expect(valuesOf(batch, '10.128.0.243', 'smb.signing')).toEqual(['disabled']);
    expect(valuesOf(batch, '172.16.156.130', 'smb.client.dialect')).toEqual(['SMB 1']);
  });
});
