import type { SecurityFormAnswer } from '@sphinx/schema';
import { EMPTY_REPORT, type ImportedReport, type ItemFields, listedItems, plainText } from '../report.ts';
import type { Worksheet, WorksheetRow } from '../source/workbook.ts';
import { answerOf } from './answers.ts';
import { dateOfCell } from './dates.ts';

/*
 * The form of 2013 (HIMSS/NEMA HN 1-2013): questions on private data with letters (`A`, `B.1`, `C.6`), then sections with numbers:
 * `1-1` automatic logoff … `14-1` operating systems … `20-2` remote service. The head names device and document.
 */

const NUMBERED = /^(?:[1-9]|1\d|20)-\d{1,2}(?:\.\d{1,2}){0,2}$/;
const LETTERED = /^[A-D](?:\.\d{1,2})?$/;
const LEAST_QUESTIONS = 20;

/** Fields of the head, by what stands before or above their values. */
const HEAD = {
  manufacturer: /^manufacturer(?: name)?:?$/i,
  model: /^(?:device )?model:?$/i,
  version: /^software (?:revision|version|release):?$/i,
  documentId: /^document id:?$/i,
  releasedAt: /^document release date:?$/i,
} as const;

/** @returns undefined where no sheet holds the questions of 2013 */
export function readMds2Of2013(sheets: readonly Worksheet[]): ImportedReport | undefined {
  const rows = sheets.flatMap((sheet) => sheet.rows);
  const notes = notesOf(rows);
  const answers = new Map<string, SecurityFormAnswer>();
  for (const row of rows) {
    const answer = readRow(row, notes);
    if (answer !== undefined && !answers.has(answer.question)) answers.set(answer.question, answer);
  }
  if ([...answers.keys()].filter((question) => NUMBERED.test(question)).length < LEAST_QUESTIONS) return undefined;
  const head = (field: keyof typeof HEAD) => plainText(valueBeside(rows, HEAD[field]), 256);
  const releasedAtMs = dateOfCell(valueBeside(rows, HEAD.releasedAt));
  const [manufacturer, model] = [head('manufacturer'), head('model')];
  return {
    ...EMPTY_REPORT,
    model: manufacturer === '' && model === '' ? undefined : { manufacturer, model, version: head('version') },
    takenAtMs: releasedAtMs,
    software: { method: 'form', isComplete: false, items: listedItems(systemsIn(answers.get('14-1'))) },
    form: { form: 'MDS2 2013', documentId: head('documentId'), releasedAtMs, answers: [...answers.values()] },
  };
}

/** A value stands to the right of its title, or below it. */
function valueBeside(rows: readonly WorksheetRow[], title: RegExp): string {
  for (const [index, { cells }] of rows.entries()) {
    const at = cells.findIndex((cell) => title.test(cell.trim()));
    if (at === -1) continue;
    const below = rows[index + 1]?.cells[at]?.trim() ?? '';
    const right =
      cells
        .slice(at + 1)
        .find((cell) => cell.trim() !== '')
        ?.trim() ?? '';
    const isTitle =
      Object.values(HEAD).some((other) => other.test(right)) || /(?:id|date|revision|category):?$/i.test(right);
    return right !== '' && !isTitle ? right : below;
  }
  return '';
}

function notesOf(rows: readonly WorksheetRow[]): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  for (const { cells } of rows) {
    const filled = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
    const [first = '', second = ''] = filled;
    const match = /^(?:note\s*#?\s*)?(\d{1,3})(?:[.:)]\s*(.+))?$/is.exec(first);
    if (match === null || (filled.length > 2 && match[2] === undefined)) continue;
    const text = match[2] ?? (second.length > 3 && answerOf(second) === 'text' ? second : '');
    if (text !== '') notes.set(match[1] ?? '', text);
  }
  return notes;
}

function readRow({ cells }: WorksheetRow, notes: ReadonlyMap<string, string>): SecurityFormAnswer | undefined {
  const at = cells.findIndex((cell) => cell.trim() !== '');
  const question = cells[at]?.trim() ?? '';
  if (!NUMBERED.test(question) && !LETTERED.test(question)) return undefined;
  const rest = cells.slice(at + 1).map((cell) => cell.trim());
  // The text of the question comes first; the answer is the next cell that is filled, the number of the note the last.
  const [, answer = '', ...others] = rest.filter((cell) => cell !== '');
  const reference = others.at(-1) ?? '';
  const number = /^(?:note\s*)?#?(\d{1,3})$/i.exec(reference)?.[1];
  const isNote = number !== undefined && notes.has(number);
  const note = isNote ? (notes.get(number) ?? '') : reference === '__' || reference === '-' ? '' : reference;
  return { question, answer: answerOf(answer), text: plainText(answer, 2048), note: plainText(note, 4096) };
}

/** Systems that the note on question 14-1 names with their versions. */
const SYSTEM =
  /\b(windows (?:server \d{4}(?: r2)?|xp(?: embedded| professional)?|vista|ce|\d{1,2}(?:\.\d)?(?: iot)?(?: enterprise| embedded| pro(?:fessional)?)?(?: ltsc| ltsb)?)|(?:red hat enterprise |ubuntu |debian |centos |suse |wind river |yocto )?linux|vxworks|qnx(?: neutrino)?|ubuntu|debian|centos|integrity|macos|android|threadx|freertos)\b[ ,]*(?:kernel )?(?:version |v|r)?(\d+(?:\.\d+)*(?: ?sp ?\d)?)?/gi;

function systemsIn(answer: SecurityFormAnswer | undefined): ItemFields[] {
  const text = `${answer?.text ?? ''} ${answer?.note ?? ''}`;
  return [...text.matchAll(SYSTEM)].map(([, name = '', version = '']) => ({ name, version, kind: 'operating-system' }));
}
