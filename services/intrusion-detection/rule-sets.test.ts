import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { RejectedRule, RuleChanges, RuleSet } from './rule-sets/rule-set.ts';
import { House, RULE, sent } from './test-house.ts';

let house: House;
let server: Server | undefined;

afterEach(async () => {
  await house.close();
  server?.close();
  server = undefined;
});

const OTHER = RULE.replaceAll('evil', 'vile').replace('sid:1', 'sid:2');
const LATER = RULE.replace('rev:1', 'rev:2');
const set = (id: string) => ({ params: { id } });
const add = (content = RULE) => house.ask<RuleSet>('addRuleSet', { body: { title: 'Local rules', content } });
const sets = async () => (await house.ask<{ items: RuleSet[] }>('listRuleSets')).items;

/** A publisher of rules in this machine, with what it answers for each path. */
async function publish(files: Record<string, string | Uint8Array>): Promise<string> {
  server = createServer(({ url = '' }, response) => {
    const content = files[url];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A publisher that signs, and the set that was added from it. */
async function signedSet(options: { isReviewed?: boolean } = {}) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const files: Record<string, string> = {};
  const put = (rules: string, signed = rules) => {
    files['/r.rules'] = rules;
    files['/r.rules.sig'] = sign(null, Buffer.from(signed), privateKey).toString('base64');
  };
  put(RULE);
  const url = `${await publish(files)}/r.rules`;
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const body = { title: 'Fetched', url, check: 'signature', publicKey: pem, ...options };
  return { put, added: await house.ask<RuleSet>('addRuleSet', { body }) };
}

describe('a rule set', () => {
  it('comes with SPHINX and can be switched off, not removed', async () => {
    house = await House.open();
    const [own] = await sets();
    expect(own).toMatchObject({ id: 'own', origin: 'own', rejected: 0 });
    expect(own?.loaded).toBeGreaterThanOrEqual(40);
    await expect(house.ask('removeRuleSet', set('own'))).rejects.toThrow('switched off, not removed');
    const off = await house.ask('changeRuleSet', { ...set('own'), body: { isEnabled: false } });
    expect(off).toMatchObject({ isEnabled: false });
    expect(await house.rules({ state: 'on' })).toEqual([]);
  });

  it('tells of each rule that was not loaded, by reason and by what somebody looks for', async () => {
    house = await House.open();
    const teleport = 'alert tcp any any -> any any (msg:"x"; teleport:1; sid:2;)';
    const added = await add(`${RULE}\n${teleport}\n${teleport.replace('sid:2', 'sid:3')}\nalert`);
    expect(added).toMatchObject({ loaded: 1, rejected: 3 });
    const report = await house.ask<{ reasons: { reason: string; count: number }[] }>('getRuleSet', set(added.id));
    expect(report.reasons[0]).toEqual({ reason: 'the keyword teleport is unknown', count: 2 });
    const rejected = async (query: object) =>
      (await house.ask<{ items: RejectedRule[] }>('listRejectedRules', { ...set(added.id), query })).items;
    expect(await rejected({ search: '3' })).toMatchObject([{ line: 3, sid: 3 }]);
    expect(await rejected({ reason: 'the keyword teleport is unknown' })).toHaveLength(2);
    await expect(add('no rule at all')).rejects.toThrow('already');
  });

  it('is taken from a gzipped file, shows what another one would change, and goes back to the one before', async () => {
    house = await House.open();
    const query = { title: 'Vendor', name: 'vendor.rules.gz' };
    const first = await house.ask<RuleSet>('uploadRuleSet', { query, request: sent(gzipSync(RULE)) });
    expect(first).toMatchObject({ title: 'Vendor', origin: 'file', loaded: 1, previousAt: null });
    const next = { query: { set: first.id, name: 'vendor.rules' }, request: sent(`${LATER}\n${OTHER}`) };
    const changes = await house.ask<RuleChanges>('previewRuleUpload', next);
    expect(changes).toMatchObject({ added: 1, changed: 1, removed: 0, unchanged: 0, rejected: 0 });
    expect(changes.rules).toContainEqual(
      expect.objectContaining({ id: '1:1', change: 'changed', before: RULE, after: LATER }),
    );
    expect(await house.rules({ set: first.id })).toMatchObject([{ id: '1:1', revision: 1 }]);

    await house.ask('uploadRuleSet', { ...next, request: sent(`${LATER}\n${OTHER}`) });
    expect((await house.rules({ set: first.id })).map(({ id, revision }) => [id, revision])).toEqual([
      ['1:1', 2],
      ['1:2', 1],
    ]);
    const back = await house.ask<RuleSet>('undoRuleSet', set(first.id));
    expect(back).toMatchObject({ loaded: 1, digest: first.digest, lastChange: { added: 0, changed: 1, removed: 1 } });
    await house.see('vile', 'after undo');
    expect(await house.detections()).toEqual([]);
  });

  it('says so when there is no version before it', async () => {
    house = await House.open();
    await expect(house.ask('undoRuleSet', set((await add()).id))).rejects.toThrow('no version');
  });
});

describe('a rule set with a URL', () => {
  it('stays as it is when the signature of an update does not hold, and says so', async () => {
    house = await House.open({ internalUpdateHosts: ['127.0.0.1'] });
    const { put, added } = await signedSet();
    expect(added).toMatchObject({ loaded: 1, check: 'signature', origin: 'url' });
    put(LATER, RULE);
    await expect(house.ask('updateRuleSet', set(added.id))).rejects.toThrow('signature');
    expect((await sets()).find(({ id }) => id === added.id)?.message).toContain('signature');
    put(LATER);
    await house.ask('updateRuleSet', set(added.id));
    expect((await house.rules({ set: added.id })).map(({ revision }) => revision)).toEqual([2]);
    expect((await sets()).find(({ id }) => id === added.id)?.message).toBe('');
  });

  it('is taken as it was looked at, not as its publisher has it meanwhile', async () => {
    house = await House.open({ internalUpdateHosts: ['127.0.0.1'] });
    const { put, added } = await signedSet();
    put(LATER);
    const { digest, changed } = await house.ask<RuleChanges>('previewRuleSetUpdate', set(added.id));
    expect(changed).toBe(1);
    expect((await house.rules({ set: added.id }))[0]?.revision).toBe(1);
    put(OTHER);
    await expect(house.ask('updateRuleSet', { ...set(added.id), query: { digest } })).rejects.toThrow('Look again');
    put(LATER);
    await house.ask('updateRuleSet', { ...set(added.id), query: { digest } });
    expect((await house.rules({ set: added.id }))[0]?.revision).toBe(2);
  });

  it('is not fetched from an inner address, nor in clear text without a signature', async () => {
    house = await House.open();
    const url = `${await publish({ '/r.rules': RULE })}/r.rules`;
    const body = { title: 'Inside', url };
    await expect(house.ask('addRuleSet', { body })).rejects.toThrow('clear text');
    const https = { ...body, url: 'https://127.0.0.1/r.rules' };
    await expect(house.ask('addRuleSet', { body: https })).rejects.toThrow('internalUpdateHosts');
    await expect(house.ask('previewRuleSet', { body: { ...https, url: 'https://localhost/x' } })).rejects.toThrow(
      'inner network',
    );
  });
});

describe('a rule that is written here', () => {
  it('is checked while it is typed, takes the place of a published one, and gives it back', async () => {
    house = await House.open();
    await add();
    const typed = (text: string) => house.ask('checkRules', { query: { text } });
    expect(await typed('alert tcp any any -> any any (msg:"x"; content:"a; sid:5;)')).toMatchObject({
      loaded: [],
      rejected: [{ line: 1 }],
    });
    expect(await typed(OTHER)).toMatchObject({ loaded: [{ id: '1:2', title: 'vile' }], rejected: [] });

    const own = RULE.replace('content:"evil"', 'content:"wicked"');
    await expect(house.ask('writeRule', { params: { id: '1:9' }, body: { text: own } })).rejects.toThrow('not 1:9');
    await house.ask('writeRule', { params: { id: '1:1' }, body: { text: own.replace('; sid', ';\\\n sid') } });
    await house.see('evil wicked', 'mine');
    expect((await house.detections()).map(({ rule }) => rule.set)).toEqual(['local']);
    await house.ask('removeRule', { params: { id: '1:1' } });
    expect(await house.rules({ search: '1' })).toMatchObject([{ id: '1:1', text: RULE }]);
    await expect(house.ask('removeRule', { params: { id: '1:1' } })).rejects.toThrow('not written here');
  });

  it('waits switched off until somebody has tried it', async () => {
    house = await House.open();
    await house.ask('writeRule', { params: { id: '1:2' }, body: { text: OTHER, isEnabled: false } });
    await house.see('vile', 'before');
    expect(await house.detections()).toEqual([]);
    await house.ask('tuneRule', { params: { id: '1:2' }, body: { isEnabled: true } });
    await house.see('vile', 'after');
    expect(await house.detections()).toHaveLength(1);
  });
});
