import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NSL_KDD, NSL_KDD_FEATURES } from './nsl-kdd.ts';
import { readTable } from './read-table.ts';
import { encodeTable, vocabularyOf } from './table.ts';
import { WUSTL_EHMS } from './wustl-ehms.ts';

const ROW = ['0', 'tcp', 'http', 'SF', ...Array.from({ length: 37 }, () => '0')].join(',');

describe('Reading rows for learning', () => {
  it('takes NSL-KDD as it is published, with label and difficulty, with a head, as ARFF and without labels', () => {
    const head = [...NSL_KDD_FEATURES.map(({ name }) => name), 'label'].join(',');
    const texts = [
      `${ROW},neptune,21\n`,
      `${ROW},neptune\r\n`,
      `${head}\n${ROW},neptune.\n`,
      `@data\n\n${ROW},neptune`,
    ];
    for (const text of texts) {
      const reading = readTable(text, NSL_KDD);
      if (!reading.isRead) throw new Error(reading.problem);
      expect(reading.table.rows).toBe(1);
      expect(reading.truth?.types).toEqual(['neptune']);
      expect(reading.truth?.categories).toEqual(['dos']);
    }
    const unlabelled = readTable(ROW, NSL_KDD);
    expect(unlabelled.isRead && unlabelled.truth).toBe(undefined);
  });

  it('takes attacks and services that nobody has met', () => {
    const reading = readTable(`${ROW.replace('http', 'quic')},brand_new,1`, NSL_KDD);
    if (!reading.isRead) throw new Error(reading.problem);
    expect(reading.truth?.categories).toEqual(['other']);
    const known = readTable(ROW, NSL_KDD);
    if (!known.isRead) throw new Error(known.problem);
    expect(encodeTable(reading.table, vocabularyOf(known.table)).data[2]).toBe(-1);
  });

  it.each([
    ['', /has no rows/],
    ['1,2,3', /A row has 3 columns; NSL-KDD has 41/],
    [`${ROW},normal,1\n${ROW},normal`, /Line 2 has 42 columns instead of 43/],
    [`${ROW.replace(/^0/, 'x')},normal`, /Line 1, column duration: “x” is no number/],
    [`${ROW},7`, /“7” in column label is no label/],
  ])('says what is wrong and where: %j', (text, problem) => {
    const reading = readTable(text, NSL_KDD);
    expect(reading.isRead ? '' : reading.problem).toMatch(problem);
  });

  it('names the columns that a head lacks', () => {
    const reading = readTable('Dur,TotPkts\n1,2', WUSTL_EHMS);
    expect(reading.isRead ? '' : reading.problem).toMatch(/missing: Flgs, SrcBytes.* and 23 more.*--kind/);
  });

  it('leaves out what gives the label away', () => {
    const names = WUSTL_EHMS.features.map(({ name }) => name);
    for (const leak of ['SrcMac', 'DstMac', 'SrcAddr', 'DstAddr', 'Sport', 'Dport', 'Packet_num']) {
      expect(names).not.toContain(leak);
    }
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readTable(text, NSL_KDD)));
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'0,"\n.eNaxF-@'.split(''))), (pieces) => {
        readTable(`Dur,Label,Flgs\n${pieces.join('')}`, WUSTL_EHMS);
        readTable(pieces.join(''), NSL_KDD);
      }),
    );
  });
});
