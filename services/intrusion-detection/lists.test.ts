import { afterEach, describe, expect, it } from 'vitest';
import type { ValueList } from './lists/value-list.ts';
import type { RuleSet } from './rule-sets/rule-set.ts';
import { House, sent } from './test-house.ts';

let house: House;
afterEach(() => house.close());

const REPUTATION = 'alert ip any any -> any any (msg:"known bad"; iprep:src,BadHosts,>,50; sid:10;)';
const DATASET =
  'alert tcp any any -> any any (msg:"bad host"; ip.dst; dataset:isset,bad,type ip,load bad-hosts.lst; sid:11;)';

const add = (content: string) => house.ask<RuleSet>('addRuleSet', { body: { title: 'Lists', content } });
const put = (name: string, query: object, content: string) =>
  house.ask('putRuleList', { params: { name }, query, request: sent(content) });
const lists = async () => (await house.ask<{ items: ValueList[] }>('listRuleLists')).items;
const setOf = (id: string) => house.ask<RuleSet>('getRuleSet', { params: { id } });

describe('a list', () => {
  it('lets the rules in that wait for it, is changed entry by entry, and says who uses it', async () => {
    house = await House.open();
    const { id } = await add(
      `${REPUTATION}\n${DATASET}\nalert tcp any any -> any any (msg:"x"; content:"zz"; sid:12;)`,
    );
    expect(await setOf(id)).toMatchObject({ loaded: 1, rejected: 2 });
    await put('BadHosts', { type: 'reputation', description: 'of the CERT' }, '# CERT\n10.0.0.1,1,90\n10.0.0.7,20\n');
    await put('bad-hosts.lst', { type: 'ip' }, '10.9.9.9\n');
    expect(await setOf(id)).toMatchObject({ loaded: 3, rejected: 0 });
    expect(await lists()).toMatchObject([
      { name: 'bad-hosts.lst', entries: 1, rules: ['1:11'] },
      { name: 'BadHosts', type: 'reputation', entries: 2, rules: ['1:10'], usedBy: 1 },
    ]);
    await house.see('hello', 'one');
    expect((await house.detections()).map(({ rule }) => rule.sid)).toEqual([10]);
    await house.ask('changeRuleList', { params: { name: 'bad-hosts.lst' }, body: { add: ['10.0.0.2'] } });
    await house.ask('changeRuleList', { params: { name: 'BadHosts' }, body: { remove: ['10.0.0.1'] } });
    await house.see('hello', 'two');
    // A rule on TCP that asks for addresses only holds for every packet.
    expect(new Set((await house.detections({ source: 'two' })).map(({ rule }) => rule.sid))).toEqual(new Set([11]));
  });

  it('rejects its rules again with the reason once it is gone', async () => {
    house = await House.open();
    await put('bad-hosts.lst', { type: 'ip' }, '10.9.9.9');
    const { id } = await add(DATASET);
    await house.ask('removeRuleList', { params: { name: 'bad-hosts.lst' } });
    expect(await house.ask('getRuleSet', { params: { id } })).toMatchObject({
      loaded: 0,
      reasons: [{ reason: 'dataset: there is no file bad-hosts.lst' }],
    });
  });

  it('is taken whole or not at all', async () => {
    house = await House.open();
    await expect(put('a', { type: 'md5' }, 'd41d8cd98f00b204e9800998ecf8427e\nnot one')).rejects.toThrow('line 2');
    await expect(put('a', { type: 'reputation' }, '10.0.0.1,1,128')).rejects.toThrow('no score');
    expect(await lists()).toEqual([]);
  });

  it('of texts is kept as people read them, also where the file has them in base64', async () => {
    house = await House.open();
    await put('agents.lst', { type: 'string', encoding: 'base64' }, Buffer.from('Ævil agent').toString('base64'));
    const { items } = await house.ask<{ items: object[] }>('listRuleListEntries', { params: { name: 'agents.lst' } });
    expect(items).toEqual([{ value: 'Ævil agent', score: null }]);
  });
});
