import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { readZip, writeZip } from '@sphinx/platform/archive';
import { createSigningKey, TrustedKeys, trustedKeyOf } from '@sphinx/platform/signing';
import { TELEMETRY, type TelemetryRow } from '@sphinx/schema';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client } from '../../packages/wire/src/testing/play.ts';
import { sharedData } from '../../tests/shared-data.ts';
import { checkShapes } from './bundle/case-shapes.ts';
import { checkBundle, checkBundleBytes, checkOpened } from './bundle/check-bundle.ts';
import { openInMemory, withBundleOnDisk } from './bundle/opened-bundle.ts';
import { plainEntries } from './bundle/write-bundle.ts';
import type { CustodyEntry } from './evidence/custody.ts';
import type { EvidenceItem } from './evidence/evidence-item.ts';
import { readTriage } from './evidence/triage.ts';
import type { IncidentView } from './incidents/incident-record.ts';
import { countText } from './story/count-text.ts';
import { detection, House, START } from './test-house.ts';
import type { TimelineEntry } from './timeline/timeline.ts';

interface Page<T> {
  readonly items: readonly T[];
}

const [LOG] = globSync(join(sharedData('evtx') ?? '/nonexistent', 'Credential Access', '*.evtx')).sort();

let house: House;
let incident: IncidentView;
let folder: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sphinx-evidence-test-'));
  house = await House.open();
  const ends = { clientIp: '10.1.0.12', serverIp: '10.2.0.3', clientPort: 40_000, serverPort: 3613 };
  const other = { ...ends, clientIp: '10.9.9.9' };
  const turns = [client(bytes('INF_RATE 100'))];
  house.captures.offer(async () =>
    asChunks(
      conversationsCapture([
        { ends, turns },
        { ends: other, turns },
      ]),
    ),
  );
  await house.device('ws-12', '10.1.0.12', { kind: 'workstation' });
  await house.device('icu-pump-3', '10.2.0.3', { kind: 'infusion-pump', patientSafetyClass: 'therapy' });
  const found = {
    sid: 2,
    title: 'Infusion pump is told to change',
    severity: 'critical',
    techniques: ['T0855'],
  } as const;
  await house.publish(
    'detection.found',
    detection({ ...found, from: '10.1.0.12', to: '10.2.0.3', time: CAPTURE_TIME }),
  );
  const { items } = await house.ask<Page<IncidentView>>('listIncidents');
  incident = items[0] as IncidentView;
  await house.collected(3);
  bundle = await exported({ reason: 'for the police' });
}, 60_000);
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true, force: true });
});

/** When the packets of a test capture were seen. */
const CAPTURE_TIME = 1_700_000_000_000;

/** An event of a log that says nothing but what is given. */
function logRow(cells: Partial<TelemetryRow<'log_activity'>>): TelemetryRow<'log_activity'> {
  const columns = Object.entries(TELEMETRY.log_activity.shape).map(([name, shape]) => {
    const empty = ['', 0, false, null].find((value) => shape.safeParse(value).success);
    return [name, empty];
  });
  return TELEMETRY.log_activity.parse({ ...Object.fromEntries(columns), ...cells });
}

async function* asChunks(capture: Uint8Array): AsyncIterable<Uint8Array> {
  yield capture;
}

async function exported(body: object): Promise<string> {
  const response = await house.ask<Response>('exportIncident', { params: { id: incident.id }, body });
  const path = join(folder, `${Math.random()}.zip`);
  await writeFile(path, Buffer.from(await response.arrayBuffer()));
  return path;
}

async function evidenceOf(): Promise<readonly EvidenceItem[]> {
  const { items } = await house.ask<Page<EvidenceItem>>('listIncidentEvidence', { params: { id: incident.id } });
  return items;
}

async function custodyOf(): Promise<readonly CustodyEntry[]> {
  const { items } = await house.ask<Page<CustodyEntry>>('listIncidentCustody', { params: { id: incident.id } });
  return items;
}

describe('An incident that opens', () => {
  it('has its evidence collected: alerts, configuration of the devices, packets between them and no others', async () => {
    const items = await evidenceOf();
    expect(items.map(({ kind }) => kind)).toEqual(['alerts', 'asset-configuration', 'packets']);
    expect(items.find(({ kind }) => kind === 'packets')).toMatchObject({ isMasked: false, collectedBy: 'SPHINX' });
    const packets = items.find(({ kind }) => kind === 'packets') as EvidenceItem;
    const response = await house.ask<Response>('openIncidentEvidence', {
      params: { id: incident.id, evidence: packets.id },
      body: { reason: 'what was sent' },
    });
    const content = Buffer.from(await response.arrayBuffer());
    expect(content.includes('INF_RATE')).toBe(true);
    expect(content.includes(Buffer.from([10, 9, 9, 9]))).toBe(false);
  });

  it('records every look with its reason, chained', async () => {
    const entries = await custodyOf();
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['collected', 'exported', 'looked']));
    const look = entries.find(({ action }) => action === 'looked');
    expect(look).toMatchObject({ actor: 'anna', detail: 'what was sent' });
    expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
  });
});

describe('A bundle', () => {
  it('checks offline, without what may name patients', async () => {
    const check = await checkBundle(bundle);
    expect(check).toMatchObject({ isIntact: true, problems: [], isKeyTrusted: false, case: { id: incident.id } });
    const names = await namesOf(bundle);
    expect(names).toEqual(
      expect.arrayContaining(['manifest.json', 'case.jsonld', 'custody.json', 'report.pdf', 'timeline.jsonl']),
    );
    expect(names.some((name) => name.endsWith('.pcapng'))).toBe(false);
    const keys = TrustedKeys.parse(await house.ask('getEvidenceKeys'));
    expect((await checkBundle(bundle, keys)).isKeyTrusted).toBe(true);
    const stranger = trustedKeyOf(createSigningKey(START));
    expect((await checkBundle(bundle, { keys: [stranger] })).isIntact).toBe(false);
  });

  it('holds everything when that is asked for, with the reason on record', async () => {
    const whole = await exported({ reason: 'court order 7', isUnmasked: true });
    expect((await checkBundle(whole)).isIntact).toBe(true);
    expect((await namesOf(whole)).some((name) => name.endsWith('.pcapng'))).toBe(true);
    expect((await custodyOf()).at(-1)?.detail).toBe('whole: court order 7');
  });

  it('writes the case in terms of CASE and UCO alone, as their shapes ask', async () => {
    const whole = openInMemory(await readFile(await exported({ reason: 'for an expert', isUnmasked: true })));
    const document = JSON.parse(Buffer.from((await whole?.read('case.jsonld')) ?? '').toString());
    expect(checkShapes(document)).toEqual([]);
    const types = new Set((document['@graph'] as { '@type': string }[]).map((node) => node['@type']));
    expect(types).toEqual(
      new Set([
        'case-investigation:Investigation',
        'case-investigation:InvestigativeAction',
        'case-investigation:ProvenanceRecord',
        'uco-identity:Identity',
        'uco-observable:Device',
        'uco-observable:File',
      ]),
    );
    const [investigation] = document['@graph'];
    const wrong = { ...investigation, 'uco-core:object': [], 'uco-core:invented': 'x', 'uco-core:name': 7 };
    expect(checkShapes({ ...document, '@graph': [wrong] })).toHaveLength(3);
  });

  it('fails on every single changed byte', async () => {
    const original = await readFile(bundle);
    expect(await checkBundleBytes(original, FAST)).toEqual(await checkBundle(bundle));
    const unnoticed = await eachByteChanged(original, () => checkBundleBytes(original, FAST));
    expect(unnoticed).toEqual([]);
  }, 60_000);

  it('fails on changed bytes of a file, also where the archive around it was mended', async () => {
    const opened = openInMemory(Buffer.from(await readFile(bundle)));
    if (opened === undefined) throw new Error('no bundle');
    const mended = { ...opened, isPlain: async () => true };
    expect((await checkOpened(mended, FAST)).isIntact).toBe(true);
    for (const name of opened.names) {
      const content = (await opened.read(name)) as Buffer;
      // Large ones are covered as a whole by their hash: every fifth byte is as good as each.
      const step = content.length > 4096 ? 5 : 1;
      expect({ name, unnoticed: await eachByteChanged(content, () => checkOpened(mended, FAST), step) }).toEqual({
        name,
        unnoticed: [],
      });
    }
  }, 60_000);

  it('is checked the same when it is too large for the memory', async () => {
    expect(await checkOnDisk(bundle)).toEqual({ names: await namesOf(bundle), isPlain: true });
    const original = await readFile(bundle);
    const changed = join(folder, 'disk.zip');
    await writeFile(changed, Buffer.concat([original.subarray(0, 12), Buffer.from([1]), original.subarray(13)]));
    expect(await checkOnDisk(changed)).toMatchObject({ isPlain: false });
  });

  it('fails when it is cut, when something is added, and when a file is replaced though the archive is whole', async () => {
    const original = await readFile(bundle);
    const changed = join(folder, 'other.zip');
    await writeFile(changed, original.subarray(0, original.length - 100));
    expect((await checkBundle(changed)).isIntact).toBe(false);
    await writeFile(changed, Buffer.concat([original, Buffer.from('x')]));
    expect((await checkBundle(changed)).isIntact).toBe(false);
    const work = await unpack(bundle);
    await writeFile(join(work.folder, 'report.pdf'), 'nothing happened');
    await writeZip(changed, plainEntries(work.folder, work.names));
    expect((await checkBundle(changed)).problems).toContain('report.pdf was changed');
    await writeZip(
      changed,
      plainEntries(
        work.folder,
        work.names.filter((name) => name !== 'timeline.jsonl'),
      ),
    );
    expect((await checkBundle(changed)).problems).toContain('timeline.jsonl is missing');
    expect((await checkBundle(join(folder, 'none.zip'))).isIntact).toBe(false);
  });

  it('never makes the check fall over, whatever the file is', async () => {
    const path = join(folder, 'fuzz.zip');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
        await writeFile(path, content);
        expect((await checkBundle(path)).isIntact).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});

describe('The time line', () => {
  it('tells alerts, work and devices; what is pinned is kept apart', async () => {
    await house.ask('commentIncident', { params: { id: incident.id }, body: { text: 'The ward was called' } });
    const ask = (query: object) =>
      house.ask<Page<TimelineEntry>>('listIncidentTimeline', { params: { id: incident.id }, query });
    const { items } = await ask({});
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['alert', 'work']));
    const [alertEntry] = items.filter(({ kind }) => kind === 'alert');
    await house.ask('pinIncidentEntry', {
      params: { id: incident.id },
      body: { entry: alertEntry?.id, isPinned: true },
    });
    expect((await ask({ isPinned: 'true' })).items.map(({ id }) => id)).toEqual([alertEntry?.id]);
    expect((await ask({ search: 'ward was' })).items).toHaveLength(1);
    expect((await ask({ kinds: 'alert' })).items.every(({ kind }) => kind === 'alert')).toBe(true);
  });

  it('tells events of logs that name an address or device of it, without what they say until that is asked for', async () => {
    const near = CAPTURE_TIME + 60_000;
    house.telemetry.append('log_activity', [
      logRow({ log_id: 'by-address', time: near, src_ip: '10.1.0.12', message: 'patient 4711 opened' }),
      logRow({ log_id: 'by-host', time: near + 1, device_host: 'ICU-PUMP-3', service: 'pumpd', activity: 'Start' }),
      logRow({ log_id: 'of-another', time: near, src_ip: '10.9.9.9' }),
      logRow({ log_id: 'too-late', time: near + 86_400_000, src_ip: '10.1.0.12' }),
    ]);
    await house.telemetry.flush();
    const params = { id: incident.id };
    const { items } = await house.ask<Page<TimelineEntry>>('listIncidentTimeline', { params, query: { kinds: 'log' } });
    expect(items.map(({ id }) => id)).toEqual(['log:by-address', 'log:by-host']);
    expect(items[1]?.title).toBe('ICU-PUMP-3: pumpd Start');
    expect(JSON.stringify(items)).not.toContain('4711');
    const body = { reason: 'what was opened' };
    const shown = await house.ask<{ entries: TimelineEntry[] }>('unmaskIncidentTimeline', { params, body });
    expect(shown.entries.find(({ id }) => id === 'log:by-address')?.detail).toBe('patient 4711 opened');
  });

  it('draws who had to do with whom', async () => {
    const graph = await house.ask<{ nodes: { name: string; isClinical: boolean }[]; edges: { titles: string[] }[] }>(
      'getIncidentGraph',
      { params: { id: incident.id } },
    );
    expect(graph.nodes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'ws-12', isClinical: false }),
        expect.objectContaining({ name: 'icu-pump-3', isClinical: true }),
      ]),
    );
    expect(graph.edges[0]?.titles).toEqual(['Infusion pump is told to change']);
  });
});

describe('A triage archive', () => {
  it('is recognised by what is in it', async () => {
    const path = join(folder, 'triage.zip');
    const file = (name: string) => ({ name, content: Buffer.from('x') });
    await writeZip(path, [file('uploads/auto/C%3A/Windows/a.txt'), file('uploads.json')]);
    expect(await readTriage(path, 'host.zip')).toMatchObject({
      kind: 'triage-archive',
      about: 'host.zip: triage archive of Velociraptor, 2 files',
    });
    await writeZip(path, [file('C/Windows/System32/x.dll'), file('20260401_ConsoleLog.txt')]);
    expect((await readTriage(path, 'k.zip')).about).toContain('KAPE');
    const packed = await packTar({ 'uac.log': Buffer.from('x'), 'live_response/ps.txt': Buffer.from('x') });
    expect(await readTriage(packed, 'u.tar')).toMatchObject({ about: 'u.tar: triage archive of UAC, 2 files' });
    await writeFile(path, 'plain text');
    expect((await readTriage(path, 'note.txt')).kind).toBe('other');
  });

  it.skipIf(LOG === undefined)(
    'has its event logs of Windows read, zipped or packed, however deep they lie',
    async () => {
      const log = await readFile(LOG ?? '');
      const name = `live_response/${'deep/'.repeat(40)}Security.evtx`;
      const alone = await readTriage(LOG ?? '', 'Security.evtx');
      expect(alone.events.length).toBeGreaterThan(0);
      const zipped = join(folder, 'logs.zip');
      await writeZip(zipped, [{ name, content: log }]);
      for (const path of [zipped, await packTar({ [name]: log })]) {
        const { events, about } = await readTriage(path, 'host');
        expect(events.map(({ time, title }) => ({ time, title }))).toEqual(
          alone.events.map(({ time, title }) => ({ time, title })),
        );
        expect(about).toContain(`1 file, ${countText(events.length, 'event')} of Windows logs`);
      }
    },
  );

  it('never makes the reading fall over', async () => {
    const path = join(folder, 'fuzz');
    const begin = fc.constantFrom(
      Buffer.from('PK\u0003\u0004'),
      Buffer.from('ElfFile\0'),
      Buffer.from([0x1f, 0x8b]),
      Buffer.alloc(0),
    );
    await fc.assert(
      fc.asyncProperty(begin, fc.uint8Array({ maxLength: 2000 }), async (head, rest) => {
        await writeFile(path, Buffer.concat([head, rest]));
        expect((await readTriage(path, 'x')).events).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

const FAST = { isFirstProblemEnough: true };

/** Changes one byte after the other in place, another bit each time. @returns places at which nothing was noticed */
async function eachByteChanged(
  bytes: Buffer,
  check: () => Promise<{ isIntact: boolean }>,
  step = 1,
): Promise<number[]> {
  const unnoticed: number[] = [];
  for (let at = 0; at < bytes.length; at += step) {
    const before = bytes[at] ?? 0;
    bytes[at] = before ^ (1 << (at % 8));
    if ((await check()).isIntact) unnoticed.push(at);
    bytes[at] = before;
  }
  return unnoticed;
}

function checkOnDisk(path: string) {
  return withBundleOnDisk(path, async (opened) => {
    if (typeof opened === 'string') return opened;
    return { names: opened.names, isPlain: await opened.isPlain() };
  });
}

async function namesOf(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of readZip(path, { entries: 1000, unpackedBytes: 1e9 })) names.push(entry.name);
  return names;
}

async function unpack(path: string) {
  const work = await mkdtemp(join(folder, 'unpacked-'));
  const names: string[] = [];
  await mkdir(join(work, 'evidence'));
  for await (const entry of readZip(path, { entries: 1000, unpackedBytes: 1e9 })) {
    names.push(entry.name);
    await writeFile(join(work, entry.name), await buffer(await entry.open()));
  }
  return { folder: work, names };
}

/** Packs as tar(1) does, names of any length. */
async function packTar(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const work = await mkdtemp(join(folder, 'packed-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(work, name)), { recursive: true });
    await writeFile(join(work, name), content);
  }
  const path = `${work}.tar.gz`;
  const { status, stderr } = spawnSync('tar', ['-C', work, '-czf', path, '.'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return path;
}
