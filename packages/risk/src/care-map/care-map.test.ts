import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCareMap } from './build-care-map.ts';
import type { CareAsset } from './care-asset.ts';
import { type CareEdit, foldEdits } from './care-edit.ts';
import type { CareMap } from './care-map.ts';
import { rankOf } from './effect.ts';
import { networkOf } from './network-of.ts';
import { type Outage, outageOf, pathOf } from './outage.ts';
import { asks, asset, LITTLE_KNOWLEDGE } from './test-care.ts';

const ICU = 'ICU';

function mapOf(assets: readonly CareAsset[], edits: readonly CareEdit[] = []): CareMap {
  return buildCareMap(assets, LITTLE_KNOWLEDGE, foldEdits(edits));
}

function stop(map: CareMap, ...ids: readonly string[]): Outage {
  return outageOf(
    map,
    ids.map((id) => map.placeOf(id) ?? Number.NaN),
  );
}

function told(map: CareMap, { care }: Outage): readonly object[] {
  return care.map(({ node, effect, beds }) => ({ name: map.at(node).name, effect, beds }));
}

const WARD = [
  asset('m1', 'monitor', { careArea: ICU, talks: [asks('central', 'unknown')] }),
  asset('m2', 'monitor', { careArea: ICU, talks: [asks('central', 'unknown')] }),
  asset('m3', 'monitor', { careArea: ICU, talks: [asks('dns-1', 'dns'), asks('dns-2', 'dns')] }),
  asset('central', 'central', { careArea: ICU, talks: [asks('sql', 'tds')] }),
  asset('sql', 'server'),
  asset('dns-1', 'server'),
  asset('dns-2', 'server'),
];

describe('the care map', () => {
  it('tells what stops when a database stops, through the application, for how many beds', () => {
    const map = mapOf(WARD);
    const outage = stop(map, 'sql');
    expect(told(map, outage)).toEqual([{ name: 'Monitoring, ICU', effect: 'degrades', beds: 3 }]);
    const path = pathOf(outage, outage.care[0]?.node ?? 0).map(({ provider }) => map.at(provider).id);
    expect(path).toEqual(['central', 'sql']);
  });

  it('counts only the bed of a device that stops, and all beds when all of them do', () => {
    const map = mapOf(WARD);
    expect(told(map, stop(map, 'm3'))).toEqual([{ name: 'Monitoring, ICU', effect: 'degrades', beds: 1 }]);
    expect(told(map, stop(map, 'm1', 'm2', 'm3'))).toEqual([{ name: 'Monitoring, ICU', effect: 'stops', beds: 3 }]);
  });

  it('holds servers that stand in for each other dispensable one by one', () => {
    const map = mapOf(WARD);
    expect(stop(map, 'dns-1').care).toEqual([]);
    expect(told(map, stop(map, 'dns-1', 'dns-2'))).toEqual([{ name: 'Monitoring, ICU', effect: 'degrades', beds: 1 }]);
  });

  it('takes no watching for needing', () => {
    const map = mapOf([asset('m', 'monitor', { talks: [asks('nms', 'snmp')] }), asset('nms', 'server')]);
    expect(stop(map, 'nms').others).toEqual([]);
  });

  it('hits everything in a network when its only way out is gone, and nothing when there are two', () => {
    const one = [
      asset('m', 'monitor', { careArea: ICU, ips: ['10.1.2.3'] }),
      asset('r1', 'router', { ips: ['10.1.2.1'] }),
    ];
    const map = mapOf(one);
    expect(told(map, stop(map, 'r1'))).toEqual([{ name: 'Monitoring, ICU', effect: 'degrades', beds: 1 }]);
    expect(told(map, stop(map, 'net:10.1.2.0/24'))).toEqual([{ name: 'Monitoring, ICU', effect: 'stops', beds: 1 }]);
    const two = mapOf([...one, asset('r2', 'router', { ips: ['10.1.2.2'] })]);
    expect(stop(two, 'r1').care).toEqual([]);
  });

  it('lets nothing that comes over the network hit a device harder than having no network does', () => {
    const map = mapOf([asset('p', 'pump', { ips: ['10.1.2.3'], talks: [asks('sql', 'tds')] }), asset('sql', 'server')]);
    for (const id of ['sql', 'net:10.1.2.0/24']) {
      expect(stop(map, id).others.map(({ node, effect }) => [map.at(node).id, effect])).toEqual([['p', 'slows']]);
    }
  });

  it('finds a service without devices of its own where computers use its application, and nowhere else', () => {
    const map = mapOf([
      asset('pc', 'workstation', { careArea: 'Ward 2', talks: [asks('ehr', 'tls')] }),
      asset('idle', 'workstation', { careArea: 'Ward 3' }),
      asset('ehr', 'ehr'),
    ]);
    expect(told(map, stop(map, 'ehr'))).toEqual([{ name: 'Records, Ward 2', effect: 'stops', beds: null }]);
    expect(stop(map, 'ehr').areasWithoutBeds).toEqual(['Ward 2']);
    expect(map.care().map((place) => map.at(place).name)).toEqual(['Records, Ward 2']);
  });

  it('believes people more than traffic: what they state, deny, count and add', () => {
    const edits: readonly CareEdit[] = [
      { kind: 'no-dependency', dependent: 'central', provider: 'sql' },
      { kind: 'dependency', dependent: 'm1', provider: 'dns-1', effect: 'stops', isAlternative: false },
      { kind: 'beds', area: ICU, beds: 12 },
      { kind: 'service', service: 'stroke', title: 'Stroke unit', description: '', safety: 'therapy' },
      { kind: 'member', service: 'stroke', area: 'Ward 9', asset: 'sql', effect: 'degrades' },
    ];
    const map = mapOf(WARD, edits);
    expect(told(map, stop(map, 'sql'))).toEqual([{ name: 'Stroke unit, Ward 9', effect: 'degrades', beds: null }]);
    expect(told(map, stop(map, 'dns-1'))).toEqual([{ name: 'Monitoring, ICU', effect: 'degrades', beds: 1 }]);
    expect(told(map, stop(map, 'central'))).toEqual([{ name: 'Monitoring, ICU', effect: 'degrades', beds: 12 }]);
    expect(map.bedsOf(ICU)).toEqual({ area: ICU, beds: 12, origin: 'stated' });
  });

  it('ends on circles, hits only what needs what is stopped, and is never milder when more stops', () => {
    const ids = Array.from({ length: 7 }, (_, index) => `a${index}`);
    const id = fc.constantFrom(...ids);
    const edges = fc.array(fc.tuple(id, id, fc.constantFrom('dns', 'tds', 'snmp', 'unknown')), { maxLength: 20 });
    const kinds = fc.array(fc.constantFrom('monitor', 'central', 'server', 'ehr', 'workstation', 'router'), {
      minLength: ids.length,
      maxLength: ids.length,
    });
    fc.assert(
      fc.property(edges, kinds, fc.subarray(ids), id, (talks, of, first, another) => {
        const map = mapOf(
          ids.map((name, index) =>
            asset(name, of[index] ?? '', {
              careArea: index % 2 === 0 ? ICU : '',
              talks: talks.flatMap(([from, to, protocol]) => (from === name ? [asks(to, protocol)] : [])),
            }),
          ),
        );
        const less = stop(map, ...first);
        const more = stop(map, ...new Set([...first, another]));
        const ranks = new Map([...more.care, ...more.others].map(({ node, effect }) => [node, rankOf(effect)]));
        for (const { node, effect } of [...less.care, ...less.others]) {
          if (map.at(node).id !== another) expect(ranks.get(node) ?? 0).toBeGreaterThanOrEqual(rankOf(effect));
          const end = pathOf(less, node).at(-1)?.provider;
          expect(first).toContain(map.at(end ?? -1).id);
        }
      }),
    );
  });
});

describe('the network of an address', () => {
  it.each([
    ['10.1.2.3', '10.1.2.0/24'],
    ['fd00:1:2:3::9', 'fd00:1:2:3::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['169.254.3.4', undefined],
    ['fe80::1', undefined],
    ['10.1.2.300', undefined],
    ['nonsense', undefined],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip, { v4: 24, v6: 64 })).toBe(network);
  });

  it('never throws and is its own network', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), fc.integer({ min: 0, max: 32 }), (ip, v4) => {
        const network = networkOf(ip, { v4, v6: v4 * 4 });
        if (network === undefined) return;
        expect(networkOf(network.split('/')[0] ?? '', { v4, v6: v4 * 4 })).toBe(network);
      }),
    );
  });
});
