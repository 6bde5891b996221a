import { fileURLToPath } from 'node:url';
import type { OpenC2Command } from '@sphinx/response';
import { describe, expect, it } from 'vitest';
import type { Device, Talk } from '../assets/device.ts';
import { loadKeptFlowRules } from '../knowledge/kept-flow-rules.ts';
import { type ClinicalClass, loadResponsePolicy } from '../knowledge/response-policy.ts';
import { judgeAction } from './guard.ts';
import { microQuarantine } from './kept-flows.ts';
import type { Touched } from './touched.ts';

const KNOWLEDGE = fileURLToPath(new URL('../../../knowledge', import.meta.url));
const POLICY = await loadResponsePolicy(KNOWLEDGE);
const RULES = await loadKeptFlowRules(KNOWLEDGE);
const ATTACK = 1_700_000_000_000;
const LONG_AGO = ATTACK - 30 * 86_400_000;

function device(
  id: string,
  clinicalClass: ClinicalClass,
  talks: readonly Partial<Talk>[] = [],
  careArea = 'ICU 2',
): Device {
  return {
    id,
    name: id,
    ips: ['10.0.0.7'],
    macs: [],
    hostnames: [],
    kind: '',
    clinicalClass,
    clinicalFunction: 'Delivers drugs',
    careArea,
    zone: '',
    isSample: false,
    talks: talks.map((talk) => ({
      ip: '10.0.0.9',
      assetId: null,
      isExternal: false,
      begunBy: 'device',
      transport: 'tcp',
      port: 104,
      protocol: 'dicom',
      flows: 3,
      firstSeen: LONG_AGO,
      lastSeen: ATTACK,
      ...talk,
    })),
  };
}

const CUT: OpenC2Command = { action: 'contain', target: { device: { device_id: '10.0.0.7' } } };
const RESTRICT: OpenC2Command = { ...CUT, args: { 'x-sphinx': { keep: 'clinical-flows' } } };
const DICOM = [{}];

function judge(
  command: OpenC2Command,
  touched: Partial<Touched>,
  others: readonly Device[] = [],
  cut: readonly string[] = [],
) {
  const all = { devices: [], unknownDevice: null, other: null, neededBy: [], ...touched };
  return judgeAction(command, {
    policy: POLICY,
    touched: all,
    cut: new Set(cut),
    inCareArea: (area) => [...all.devices, ...others].filter(({ careArea }) => careArea === area),
    microOf: (each) =>
      microQuarantine(each, RULES, { attackFrom: ATTACK, nameOf: ({ ip }) => ({ name: ip, isOfCare: false }) }),
    careLossOf: () => [],
  });
}

describe('The guard', () => {
  it('refuses to cut off what keeps a patient alive, with the reason, and offers a micro-quarantine', () => {
    const verdict = judge(CUT, { devices: [device('ventilator', 'life-sustaining', DICOM)] });
    expect(verdict).toMatchObject({ decision: 'refuse', milder: 'micro-quarantine' });
    expect(verdict.reasons.join()).toContain('ventilator (life sustaining) would be cut off: it keeps patients alive');
    expect(verdict.careLoss).toEqual(['ventilator (ICU 2) is not reachable: delivers drugs.']);
  });

  it('asks a clinician and security before a treating device is cut off, security alone before it is restricted', () => {
    expect(judge(CUT, { devices: [device('pump', 'therapy', DICOM)] }).approvers).toEqual(['clinical', 'security']);
    expect(judge(RESTRICT, { devices: [device('pump', 'therapy', DICOM)] })).toMatchObject({
      decision: 'ask',
      approvers: ['security'],
      careLoss: ['pump (ICU 2) keeps 1 of 1 kinds of connections: delivers drugs.'],
    });
  });

  it('lets an office machine be cut off at once', () => {
    expect(judge(CUT, { devices: [device('office-pc', 'none')] })).toMatchObject({ decision: 'run', approvers: [] });
  });

  it('lets nobody but a person cut off what nobody knows, in the inventory or not', () => {
    expect(judge(CUT, { devices: [device('thing', 'unknown')] }).decision).toBe('ask');
    expect(judge(CUT, { unknownDevice: '10.9.9.9' }).decision).toBe('ask');
  });

  it('asks a clinician when more than the allowed part of a ward would be gone, counting what is gone already', () => {
    const ward = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => device(id, 'care-support'));
    const one = judge(CUT, { devices: [device('h', 'care-support')] }, ward);
    expect(one.approvers).toEqual(['security']);
    const third = judge(CUT, { devices: [device('h', 'care-support')] }, ward, ['a', 'b']);
    expect(third.approvers).toEqual(['security', 'clinical']);
    expect(third.reasons.join()).toContain('3 of 8 devices of ICU 2 would be cut off at the same time');
  });

  it('says so when a micro-quarantine would leave nothing of a device that care depends on', () => {
    const verdict = judge(RESTRICT, { devices: [device('monitor', 'care-support')] });
    expect(verdict.approvers).toContain('clinical');
    expect(verdict.reasons.join()).toContain('No clinical flow of monitor is known');
  });

  it('blocks an address outside at once unless devices of the hospital work with it', () => {
    const deny: OpenC2Command = { action: 'deny', target: { ipv4_net: '203.0.113.9' } };
    expect(judge(deny, { other: '203.0.113.9' }).decision).toBe('run');
    const needed = judge(deny, { other: '203.0.113.9', neededBy: [device('ct-1', 'diagnosis')] });
    expect(needed).toMatchObject({ decision: 'ask', approvers: ['clinical', 'security'] });
    expect(needed.reasons.join()).toContain('ct-1');
  });
});

describe('A micro-quarantine', () => {
  const micro = (talks: readonly Partial<Talk>[], isOfCare = false) =>
    microQuarantine(device('ct-1', 'diagnosis', talks), RULES, {
      attackFrom: ATTACK,
      nameOf: ({ ip }) => ({ name: ip, isOfCare }),
    });

  it('keeps clinical protocols and names and time, and tells why of each', () => {
    const { kept } = micro([{}, { protocol: 'dns', transport: 'udp', port: 53 }]);
    expect(kept.map(({ reason }) => reason)).toEqual([
      'DICOM with 10.0.0.9: a clinical protocol',
      'DNS with 10.0.0.9: needed to work on the network at all',
    ]);
  });

  it('cuts the ways of attackers, what is outside, and what began with the attack', () => {
    const { kept, leftOut } = micro([
      { protocol: 'smb', port: 445 },
      { isExternal: true, ip: '203.0.113.9' },
      { firstSeen: ATTACK - 1000, port: 11112 },
      { protocol: 'http', port: 80 },
    ]);
    expect(kept).toEqual([]);
    expect(leftOut).toHaveLength(4);
  });

  it('keeps what goes to a system of care over a protocol that is not clinical by itself', () => {
    expect(micro([{ protocol: 'http', port: 80 }], true).kept).toHaveLength(1);
  });
});
