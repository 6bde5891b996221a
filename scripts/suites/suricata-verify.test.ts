import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../tests/shared-data.ts';
import { suite as quickdraw } from './quickdraw.ts';
import { readCase } from './suricata-verify/case.ts';
import { blame, evaluateFilter } from './suricata-verify/filter.ts';
import { loggedEvents } from './suricata-verify/logged-events.ts';

const VERIFY = sharedData('suricata-verify');
const QUICKDRAW = sharedData('quickdraw');

describe('a check of the verification suite', () => {
  const events = [
    { event_type: 'alert', alert: { signature_id: 1 }, dns: { answers: [{ rrname: 'a.example' }] } },
    { event_type: 'dns', payload: 'abc' },
  ];

  it.each([
    [1, { event_type: 'alert', 'alert.signature_id': 1 }, true],
    [1, { 'dns.answers[0].rrname': 'a.example' }, true],
    [0, { 'dns.answers[1].rrname': 'a.example' }, true],
    [1, { 'payload.__startswith': 'ab' }, true],
    [1, { 'payload.__contains': 'x' }, false],
    [1, { 'has-key': 'alert.signature_id' }, true],
    [1, { 'not-has-key': 'alert' }, true],
    ['>= 2', { 'has-key': 'event_type' }, true],
    ['> 2', { 'has-key': 'event_type' }, false],
  ])('counts the events that it names: %s of %j', (count, match, isMet) => {
    expect(evaluateFilter({ count, match }, events).isMet).toBe(isMet);
  });

  it.each([
    [{ 'http.url': '/Patient/{id}' }, { event_type: 'http', 'http.url': '/Patient/4711?name=x' }],
    [{ src_ip: 'fe80::1' }, { src_ip: 'fe80:0000:0000:0000:0000:0000:0000:0001' }],
    [{ alert: { a: 1, b: 2 } }, { alert: { b: 2, a: 1 } }],
  ])('takes for the same what says the same: %j and %j', (event, match) => {
    const nested = 'http.url' in event ? { event_type: 'http', http: { url: event['http.url'] } } : event;
    expect(evaluateFilter({ count: 1, match }, [nested]).isMet).toBe(true);
    expect(evaluateFilter({ count: 1, match: { ...match, src_port: 1 } }, [nested]).isMet).toBe(false);
  });

  it.each([
    [{ event_type: 'smb' }, 'smb: there is none'],
    [{ event_type: 'dns', 'dns.id': 1 }, 'dns: dns.id is absent'],
    [{ event_type: 'dns', payload: 'x' }, 'dns: payload differs'],
    [{ event_type: 'alert' }, 'alert: count'],
  ])('says why it is not met: %j', (match, cause) => {
    expect(blame({ count: 2, match }, events)).toBe(cause);
  });

  it.skipIf(VERIFY === undefined)('is read from published cases, with the reason where one cannot be run', () => {
    const one = readCase(join(VERIFY ?? '', 'alert-testmyids/test.yaml'));
    if (typeof one === 'string') throw new Error(one);
    expect(one.capture).toMatch(/flowbit-oring\/input\.pcap$/);
    expect(one.filters).toHaveLength(2);
    expect(readCase(join(VERIFY ?? '', 'app-layer-protocol-engine-analysis/test.yaml'))).toContain('analysis of rules');
  });
});

describe('the log of a case', () => {
  const settings = (types: readonly unknown[]) => ({ outputs: [{ 'eve-log': { enabled: 'yes', types } }] });
  const one = { folder: '', capture: '', ruleFiles: [], overrides: new Map(), environment: {}, filters: [] };
  const events = [
    { event_type: 'dns', dns: { type: 'request', queries: [{ rrtype: 'MX' }] } },
    { event_type: 'dns', dns: { type: 'response', queries: [{ rrtype: 'A' }] } },
    { event_type: 'fileinfo' },
    { event_type: 'flow' },
  ];

  it.each([
    [undefined, [0, 1, 2, 3]],
    [settings(['files', 'flow']), [2, 3]],
    [settings(['flow', { files: { enabled: 'no' } }]), [3]],
    [settings([{ dns: { requests: false } }]), [1]],
    [settings([{ dns: { types: ['mx'] } }]), [0]],
  ])('holds what its settings name: %j', (settings, wanted) => {
    expect(loggedEvents({ ...one, settings }, events)).toEqual(wanted.map((index) => events[index]));
  });
});

describe('the rules of Quickdraw', () => {
  it.skipIf(QUICKDRAW === undefined)('fire on the captures that they were written for', async () => {
    const failed: string[] = [];
    for await (const { id, outcome, reason } of quickdraw.run(QUICKDRAW ?? ''))
      if (outcome !== 'passed') failed.push(`${id}: ${reason}`);
    expect(failed).toEqual([]);
  });
});
