import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../../../tests/shared-data.ts';
import { CaptureReader } from '../../capture/capture-reader.ts';
import { createSensor } from '../../create-sensor.ts';
import type { Inspector } from '../../inspector.ts';
import type { EveEvent } from './eve-event.ts';
import { EveLog } from './eve-log.ts';
import { variableMembers } from './variable-members.ts';

const SUITE = sharedData('suricata-verify');
const RULE = { gid: 1, sid: 7, rev: 1, message: '', category: '', priority: 3, references: [], metadata: [] };

/** Alerts of a rule that speaks of every ICMP packet, or of every packet. */
function alertsOf(capture: string, protocol: number | undefined, withContent = false): EveEvent[] {
  const events: EveEvent[] = [];
  const log = new EveLog({ write: (event) => events.push(event), withContent, captureFile: capture });
  const watch: Inspector = {
    packet: ({ ipProtocol, timeMicros, packetNumber, direction }) => {
      if (protocol !== undefined && ipProtocol !== protocol) return;
      const ends = { sourceIp: '', sourcePort: 0, destinationIp: '', destinationPort: 0, transport: 'icmp' };
      const payload = Buffer.from('a\0b');
      const rule = { ...RULE, target: undefined };
      log.alert({ rule, timeMicros, packetNumber, direction, view: undefined, payload, isStream: false, ...ends });
    },
    stream: () => {},
    transaction: () => {},
    flowEnded: () => {},
  };
  log.watchWith(watch);
  const sensor = createSensor({ source: 'test', isSample: false, inspector: log });
  const reader = new CaptureReader(sensor);
  reader.push(readFileSync(join(SUITE ?? '', capture)));
  reader.end();
  sensor.finish();
  log.batch(sensor.takeBatch());
  return events.filter(({ event_type }) => event_type === 'alert');
}

describe.skipIf(SUITE === undefined)('what an alert tells of its packet', () => {
  it('has the ends of the tunnel that it came through', () => {
    const [first] = alertsOf('vxlan-decoder-02/vxlan.pcap', 1, true);
    expect(first).toMatchObject({
      tunnel: { dest_port: 4789, proto: 'UDP', depth: 1 },
      packet_info: { linktype_name: 'RAW' },
      pcap_filename: 'vxlan-decoder-02/vxlan.pcap',
    });
  });

  it('has every VLAN, the outer one first', () => {
    const vlans = alertsOf('detect-vlan-id/input.pcap', undefined).map(({ vlan }) => vlan);
    expect(vlans).toContainEqual([200, 300, 400]);
  });

  it('has the packet and what the rule looked at only where content is asked for', () => {
    const [shown] = alertsOf('vxlan-decoder-02/vxlan.pcap', 1, true);
    expect(shown).toMatchObject({ payload: 'YQBi', payload_printable: 'a.b', stream: 0 });
    expect(Buffer.from(String(shown?.packet), 'base64')[0]).toBe(0x45);
    const [hidden] = alertsOf('vxlan-decoder-02/vxlan.pcap', 1);
    expect(Object.keys(hidden ?? {})).not.toContain('payload');
    expect(Object.keys(hidden ?? {})).not.toContain('packet');
  });
});

describe('what rules have noted on a flow', () => {
  const variables = {
    bits: ['traffic/id/curl', 'traffic/label/cli', 'seen'],
    numbers: new Map([['tries', 3]]),
    flowTexts: [['user', 'joe']] as const,
    packetTexts: [],
  };

  it('tells labels of traffic apart from other bits, and what was taken out of it only where content is asked for', () => {
    const traffic = { id: ['curl'], label: ['cli'] };
    const metadata = { flowbits: ['seen'], flowints: { tries: 3 } };
    expect(variableMembers(variables, false)).toEqual({ traffic, metadata });
    expect(variableMembers(variables, true)).toEqual({
      traffic,
      metadata: { ...metadata, flowvars: [{ user: 'joe' }] },
    });
    expect(variableMembers(undefined, true)).toEqual({});
  });
});
