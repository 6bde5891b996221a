import { beforeAll, describe, expect, it } from 'vitest';
import { type DecoyKnowledge, loadDecoyKnowledge } from '../knowledge.ts';
import { KNOWLEDGE } from '../protocols/test-peer.ts';
import { addressFault, expandAddresses } from './addresses.ts';
import { type Custom, inventIdentity } from './identity.ts';
import { inventPatients } from './patients.ts';

let knowledge: DecoyKnowledge;
const persona = () => {
  const found = knowledge.personas.get('pacs-archive');
  if (found === undefined) throw new Error('no archive');
  return found;
};

beforeAll(async () => {
  knowledge = await loadDecoyKnowledge(KNOWLEDGE);
});

const HOUSE: Custom = {
  hostNames: ['rad-pacs01.clinic.example', 'rad-pacs02.clinic.example'],
  allHostNames: ['rad-pacs01.clinic.example', 'rad-pacs02.clinic.example', 'ws0815.clinic.example'],
  aeTitles: ['CT_01', 'CT_02', 'MR_01', 'ARCHIVE'],
  services: [],
  banners: {
    ssh: ['OpenSSH_8.4p1 Debian-5', 'OpenSSH_8.4p1 Debian-5', 'OpenSSH_9.2'],
    http: ['evil\r\nInjected: 1', 'nginx/1.18.0'],
  },
};

describe('the names of a decoy', () => {
  it('follow the custom of the house, and are nobody else’s', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const { hostName, domain, aeTitle, banners } = inventIdentity(persona(), `decoy ${seed}`, HOUSE, []);
      expect(hostName).toMatch(/^rad-pacs\d\d$/);
      expect(['rad-pacs01', 'rad-pacs02']).not.toContain(hostName);
      expect(domain).toBe('clinic.example');
      expect(aeTitle).toMatch(/^CT_\d\d$/);
      expect(HOUSE.aeTitles).not.toContain(aeTitle);
      expect(banners).toEqual({ ssh: 'OpenSSH_8.4p1 Debian-5', http: 'nginx/1.18.0' });
    }
  });

  it('are those of the persona where there is no custom, and the same for the same seed', () => {
    const none: Custom = { hostNames: [], allHostNames: [], aeTitles: [], banners: {}, services: [] };
    const one = inventIdentity(persona(), 'a', none, []);
    expect(one).toEqual(inventIdentity(persona(), 'a', none, []));
    expect(one.hostName).toMatch(/^(pacs|pacs-arch|radarc)\d$/);
    expect(one.aeTitle).toBeUndefined();
  });
});

describe('invented patients', () => {
  it('are the same for the same seed, each with a number of its own', () => {
    const patients = inventPatients(knowledge.words, 'x', 200, 1_700_000_000_000);
    expect(patients).toEqual(inventPatients(knowledge.words, 'x', 200, 1_700_000_000_000));
    expect(new Set(patients.map(({ id }) => id)).size).toBe(200);
    expect(new Set(patients.flatMap(({ studies }) => studies.map(({ uid }) => uid))).size).toBeGreaterThan(300);
    expect(patients.every(({ studies }) => studies.every(({ uid }) => uid.length <= 64))).toBe(true);
  });
});

describe('addresses of decoys', () => {
  const book = { own: new Set(['10.0.0.5']), holders: () => [], neighbours: '', held: new Set<string>() };

  it('are all of a network but its first and last', () => {
    expect(expandAddresses(['10.4.7.130/29'])).toEqual([
      '10.4.7.129',
      '10.4.7.130',
      '10.4.7.131',
      '10.4.7.132',
      '10.4.7.133',
      '10.4.7.134',
    ]);
    expect(() => expandAddresses(['10.0.0.0/16'])).toThrow('1024 addresses at most');
    expect(() => expandAddresses(['pacs'])).toThrow('neither an address nor a network');
  });

  it('are never taken from a neighbour or a known asset, and may be those that the decoy had before', () => {
    const neighbours =
      'IP address       HW type     Flags       HW address            Mask     Device\n10.0.0.9         0x1         0x2         00:11:22:33:44:55     *        eth0\n10.0.0.8         0x1         0x0         00:00:00:00:00:00     *        eth0\n';
    expect(addressFault('10.0.0.9', { ...book, neighbours })).toContain('00:11:22:33:44:55 answers there');
    expect(addressFault('10.0.0.8', { ...book, neighbours })).toBe('');
    const holders = (address: string) => (address === '10.0.0.7' ? ['CT 1'] : []);
    expect(addressFault('10.0.0.7', { ...book, holders })).toContain('CT 1');
    expect(addressFault('10.0.0.7', { ...book, holders, held: new Set(['10.0.0.7']) })).toBe('');
    expect(addressFault('10.0.0.5', { ...book, holders: () => ['itself'] })).toBe('');
  });
});
