import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvOf } from './report/export-tables.ts';
import type { AppetiteView, ProposalItem, RegisterDetail, RegisterItem } from './routes/register-shapes.ts';
import { House, START } from './test-house.ts';

interface Page<T> {
  readonly items: readonly T[];
}

const DAY = 86_400_000;
const STATEMENT = {
  title: '=cmd|calc',
  owner: 'Head of radiology',
  treatment: 'mitigate',
  consequence: 'care',
  links: [{ kind: 'asset', id: 'pacs' }],
};

let house: House;
beforeAll(async () => {
  house = await House.open();
  await house.hospital({
    ct: { kind: 'ct-scanner', careArea: 'Radiology', safety: 'diagnosis', ip: '10.1.2.11', asks: [['pacs', 'dicom']] },
    pacs: { kind: 'dicom-archive', safety: 'diagnosis', ip: '10.1.9.2' },
    pump: { kind: 'infusion-pump', careArea: 'ICU', safety: 'life-sustaining', ip: '10.1.5.1' },
  });
});
afterAll(() => house.close());

const entry = (id: string) => house.ask<RegisterDetail>('getRiskRegisterEntry', { params: { id } });
const entries = async () => (await house.ask<Page<RegisterItem>>('listRiskRegister')).items;
const proposals = async () => (await house.ask<Page<ProposalItem>>('listRiskProposals')).items;
const APPETITE = {
  safety: 'very-low',
  care: 'low',
  confidentiality: 'very-high',
  integrity: 'very-high',
  compliance: 'very-high',
  money: 'very-high',
};

async function text(operationId: string, query: object): Promise<string> {
  const response = await house.ask<Response>(operationId, { query });
  return response.text();
}

describe('the risk register', () => {
  it('proposes what exceeds the appetite, and takes it with an owner', async () => {
    await house.ask('setRiskAppetite', { body: APPETITE });
    const before = await proposals();
    expect(before.length).toBeGreaterThan(0);
    const [first] = before;
    const taken = await house.ask<RegisterDetail>('takeRiskProposal', {
      params: { id: first?.key },
      body: { owner: 'Anna Berg' },
    });
    expect(taken).toMatchObject({
      number: 1,
      owner: 'Anna Berg',
      treatment: 'mitigate',
      level: first?.level,
      basis: 'model',
    });
    expect(taken.concerns).toEqual(['exceeds-appetite']);
    expect((await proposals()).map(({ key }) => key)).not.toContain(first?.key);
    const [other] = await proposals();
    if (other !== undefined) {
      await house.ask('dismissRiskProposal', { params: { id: other.key }, body: { reason: 'replaced in May' } });
      expect((await proposals()).map(({ key }) => key)).not.toContain(other.key);
      await house.ask('undoRiskProposalDismissal', { params: { id: other.key } });
      expect((await proposals()).map(({ key }) => key)).toContain(other.key);
    }
  });

  it('holds an entry against the model, keeps its history through a restart, and takes a change back', async () => {
    const added = await house.ask<RegisterDetail>('addRiskRegisterEntry', { body: STATEMENT });
    expect(added).toMatchObject({ number: 2, worst: 'pacs', basis: 'model', appetite: 'low' });
    expect(added.links).toEqual([{ kind: 'asset', id: 'pacs', name: 'pacs' }]);
    await house.ask('changeRiskRegisterEntry', { params: { id: 'R-2' }, body: { owner: 'IT', plan: 'Patch' } });
    await house.restart();
    const changed = await entry('R-2');
    expect(changed).toMatchObject({ owner: 'IT', plan: 'Patch', title: STATEMENT.title });
    expect(changed.history.map(({ change }) => change)).toEqual([
      'owner Head of radiology → IT; the plan changed',
      'Added',
    ]);
    const undone = await house.ask<RegisterDetail>('undoRiskRegisterChange', { params: { id: 'R-2' } });
    expect(undone).toMatchObject({ owner: 'Head of radiology', plan: '' });
    expect(undone.history).toHaveLength(3);
  });

  it('is carried by somebody for a time, and says when that has ended', async () => {
    const accept = (until: number) =>
      house.ask<RegisterDetail>('acceptRegisterRisk', {
        params: { id: '2' },
        body: { until, reason: 'Bought anew in spring' },
      });
    await expect(accept(START - DAY)).rejects.toThrow(/within a year/);
    await expect(accept(START + 400 * DAY)).rejects.toThrow(/within a year/);
    expect(await accept(START + 30 * DAY)).toMatchObject({
      treatment: 'accept',
      concerns: [],
      acceptance: { by: 'Anna Berg' },
    });
    house.clock.advance(31 * DAY);
    expect((await entry('2')).concerns).toContain('acceptance-expired');
    house.clock.advance(-31 * DAY);
  });

  it('takes the judgement of people where the model knows nothing, and the worse of both', async () => {
    const stated = { probability: 0.9, impact: 99 };
    const body = { ...STATEMENT, title: 'The only supplier goes bankrupt', links: [], stated };
    const added = await house.ask<RegisterDetail>('addRiskRegisterEntry', { body });
    expect(added).toMatchObject({ basis: 'stated', level: 'very-high', concerns: ['exceeds-appetite'] });
    await house.ask('changeRiskRegisterEntry', { params: { id: 'R-3' }, body: { stated: null } });
    expect(await entry('R-3')).toMatchObject({ basis: 'none', level: 'very-low' });
  });

  it('tells money only from figures, as a range that is the same every time', async () => {
    expect((await entry('R-2')).missingFigures).toHaveLength(2);
    expect((await entry('R-2')).loss).toBeNull();
    const point = (low: number, likely: number, high: number) => ({ low, likely, high });
    const money = { lossEventFrequency: point(0.1, 0.5, 2), primaryLoss: point(10_000, 50_000, 400_000) };
    await house.ask('changeRiskRegisterEntry', { params: { id: 'R-2' }, body: { money } });
    const { loss, missingFigures } = await entry('R-2');
    expect(missingFigures).toEqual([]);
    expect(loss?.p90).toBeGreaterThan(loss?.median ?? Number.NaN);
    await house.restart();
    expect((await entry('R-2')).loss).toEqual(loss);
  });

  it('closes and opens entries, and nothing is done to a closed one', async () => {
    await house.ask('closeRisk', { params: { id: 'R-3' }, body: { reason: 'Second supplier found' } });
    expect((await entries()).at(-1)).toMatchObject({ number: 3, status: 'closed' });
    await expect(house.ask('changeRiskRegisterEntry', { params: { id: 'R-3' }, body: { owner: 'X' } })).rejects.toThrow(
      /is closed. Open it again/,
    );
    expect(await house.ask('reopenRisk', { params: { id: 'R-3' } })).toMatchObject({ status: 'open' });
    await expect(entry('R-99')).rejects.toThrow(/no entry "R-99"/);
  });

  it('takes an appetite back', async () => {
    const undone = await house.ask<AppetiteView>('undoRiskAppetite');
    expect(undone).toMatchObject({ by: null, appetite: { safety: 'low' } });
    await expect(house.ask('undoRiskAppetite')).rejects.toThrow(/nothing to take back/);
  });
});

describe('what leaves the house', () => {
  it('is a report on one page, with what people wrote as text', async () => {
    const html = await text('getRiskReport', { format: 'html' });
    expect(html).toContain('R-2');
    expect(html).toContain('One risk has figures of money');
    await house.ask('addRiskRegisterEntry', { body: { ...STATEMENT, title: '<script>alert(1)</script>' } });
    expect(await text('getRiskReport', { format: 'html' })).toContain('&lt;script&gt;alert(1)');
    const pdf = Buffer.from(await (await house.ask<Response>('getRiskReport')).arrayBuffer());
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
  });

  it('stays on one page however long the texts are', async () => {
    for (let index = 0; index < 12; index++) {
      const body = {
        ...STATEMENT,
        title: `${index} ${'A long title '.repeat(14)}`,
        owner: 'The owner of a long name '.repeat(4),
      };
      await house.ask('addRiskRegisterEntry', { body });
    }
    const pdf = Buffer.from(await (await house.ask<Response>('getRiskReport')).arrayBuffer());
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
  });

  it('is everything as JSON, and tables as CSV in which no cell is run as a formula', async () => {
    const whole = JSON.parse(await text('exportRisk', {})) as Record<string, unknown>;
    expect(Object.keys(whole)).toEqual(
      expect.arrayContaining(['register', 'assets', 'threats', 'controls', 'appetite']),
    );
    const csv = await text('exportRisk', { format: 'csv', table: 'register' });
    expect(csv).toContain("'=cmd|calc");
    expect(csv).not.toMatch(/(^|,|\n)"?=/);
    expect(await text('exportRisk', { format: 'csv', table: 'assets' })).toMatch(/^id,name,kind/);
  });

  it('keeps numbers as numbers and quotes what has commas, quotes and lines', () => {
    expect(csvOf([{ a: -1.5, b: 'x,"y"\nz', c: ['@1', '+2'], d: null, e: '＝1' }])).toBe(
      'a,b,c,d,e\r\n-1.5,"x,""y""\nz","\'@1; +2",,"\'＝1"\r\n',
    );
  });
});
