import { describe, expect, it } from 'vitest';
import { defaultResources, loadRules } from '../load.ts';
import { type RuleAlert, RuleEngine } from './engine.ts';
import { testFlow } from './test-traffic.ts';

const LISTS: Readonly<Record<string, string>> = {
  'names.csv': `${btoa('bad.example')},10\n`,
  'names.json': JSON.stringify({ info: { list: [{ name: { dns: 'bad.example' }, since: 2005 }, { since: 1 }] } }),
  'names.ndjson': '{"name":"bad.example","since":2006}\n\n{"name":"worse.example"}\n',
  'broken.json': '{"list": 5}',
  'addresses.csv': '::ffff:192.168.1.10\n2001:db8::1\n',
};

function alertsFor(rules: readonly string[], host: string, clientIp = '192.168.1.10') {
  const alerts: RuleAlert[] = [];
  const resources = defaultResources({ readFile: (path) => LISTS[path] });
  const loaded = loadRules([{ name: 'test.rules', content: rules.join('\n') }], resources);
  const engine = new RuleEngine(loaded.rules, { alert: (alert) => alerts.push(alert) });
  const flow = testFlow({ protocol: 'http', clientIp });
  for (const name of [host, host]) {
    engine.transaction(flow, 'to-server', { protocol: 'http', buffers: { 'http.host': [Buffer.from(name)] } });
  }
  return { alerts, rejected: loaded.rejected.map(({ reason }) => reason) };
}

const rule = (options: string, sid = 1) => `alert http any any -> any any (${options}; sid:${sid};)`;
const isSet = (options: string) => rule(`http.host; dataset:isset,${options}`);

describe('a set of values', () => {
  it.each([
    ['csv,type string,load names.csv', undefined],
    [
      'json,type string,load names.json,format json,array_key info.list,value_key name.dns,context_key of',
      { of: { name: { dns: 'bad.example' }, since: 2005 } },
    ],
    [
      'cut,type string,load names.json,format json,array_key info.list,value_key name.dns,context_key of,remove_key',
      { of: { name: {}, since: 2005 } },
    ],
    [
      'lines,type string,load names.ndjson,format ndjson,value_key name,context_key of',
      { of: { name: 'bad.example', since: 2006 } },
    ],
  ])('is read from its file, and the alert tells what the file says: %s', (options, context) => {
    const { alerts, rejected } = alertsFor([isSet(options)], 'bad.example');
    expect(rejected).toEqual([]);
    expect(alerts.map((alert) => alert.context)).toEqual([context, context]);
    expect(alertsFor([isSet(options)], 'good.example').alerts).toEqual([]);
  });

  it('holds addresses however they are written', () => {
    const ofSource = rule('http.host; content:"a"; ip.src; dataset:isset,hosts,type ip,load addresses.csv');
    expect(alertsFor([ofSource], 'a').alerts).toHaveLength(2);
    expect(alertsFor([ofSource], 'a', '2001:0db8:0:0:0:0:0:1').alerts).toHaveLength(2);
    expect(alertsFor([ofSource], 'a', '10.0.0.1').alerts).toEqual([]);
  });

  it('is extended by what a rule saw, and needs its type once', () => {
    const once = rule('http.host; dataset:isnotset,seen,type string,state seen.lst; dataset:set,seen');
    expect(alertsFor([once], 'new.example').alerts).toHaveLength(1);
  });

  it.each([
    ['http.host; dataset:isset,unheard', "dataset: type '' is unknown"],
    ['http.host; dataset:isset,x,type string,load none.csv', 'dataset: there is no file none.csv'],
    [
      'http.host; dataset:isset,x,type string,load broken.json,format json,value_key a',
      'dataset: its file holds no list',
    ],
    ['http.host; dataset:isset,x,type string,load names.json,format json', 'dataset: value_key is missing'],
  ])('rejects its rule where it cannot be read: %s', (options, reason) => {
    expect(alertsFor([rule(options)], 'a').rejected).toEqual([reason]);
  });
});
