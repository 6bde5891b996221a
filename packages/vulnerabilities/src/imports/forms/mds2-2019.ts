import type { SecurityFormAnswer } from '@sphinx/schema';
import { deviceEvidence, EMPTY_REPORT, type ImportedReport, plainText } from '../report.ts';
import type { Worksheet, WorksheetRow } from '../source/workbook.ts';
import { answerOf } from './answers.ts';
import { dateOfCell } from './dates.ts';

/* The form of 2019: a row for each question, known by its number: `DOC-1`, `MPII-2.3`, `AUTH-1.1.1` (ANSI/NEMA HN 1-2019, §5). */

/** Sections of the form. */
const SECTIONS =
  'DOC|MPII|ALOF|AUDT|AUTH|CSUP|DIDT|DTBK|EMRG|IGAU|MLDP|NAUT|CONN|PAUT|PLOK|RDMP|SBOM|SAHD|SGUD|STCF|TXCF|TXIG|RMOT|OTHR';
const QUESTION = new RegExp(`^(${SECTIONS})[- –](\\d+(?:\\.\\d+)*)\\.?$`, 'i');
/** References to other standards stand in the last columns. */
const REFERENCE =
  /^(?:(?:sec\.?|section)?\s*\d+(?:\.\d+)+\s*,?\s*[A-Z]{0,4}|[A-Z]{2}-\d+(?:\s*\(\d+\))*|A\.\d+(?:\.\d+)+|[A-Z]{4})(?:[,;\s]+.*)?$/;
const LEAST_QUESTIONS = 20;

interface Question {
  readonly id: string;
  readonly answer: string;
  readonly note: string;
}

/** @returns undefined where no sheet holds the questions of 2019 */
export function readMds2Of2019(sheets: readonly Worksheet[]): ImportedReport | undefined {
  const questions = new Map<string, Question>();
  const notes = new Map<string, string>();
  for (const { rows } of sheets) {
    const layout = layoutOf(rows);
    for (const row of rows) {
      const question = readQuestion(row, layout);
      if (question !== undefined && !questions.has(question.id)) questions.set(question.id, question);
      else if (question === undefined) addNote(row, notes);
    }
  }
  if (questions.size < LEAST_QUESTIONS) return undefined;
  const told = (id: string) => plainText(questions.get(id)?.answer ?? '', 256);
  const answers = [...questions.values()].map((question) => toAnswer(question, notes));
  const manufacturer = told('DOC-1');
  const model = told('DOC-3');
  return {
    ...EMPTY_REPORT,
    model: manufacturer === '' && model === '' ? undefined : { manufacturer, model, version: '' },
    takenAtMs: dateOfCell(questions.get('DOC-7')?.answer ?? ''),
    evidence: deviceEvidence('report.model', model),
    form: {
      form: 'MDS2 2019',
      documentId: told('DOC-4'),
      releasedAtMs: dateOfCell(questions.get('DOC-7')?.answer ?? ''),
      answers,
    },
  };
}

/** Columns of answers and notes; undefined where no headings tell. */
interface Layout {
  readonly answer: number | undefined;
  readonly note: number | undefined;
}

function layoutOf(rows: readonly WorksheetRow[]): Layout {
  for (const { cells } of rows.slice(0, 60)) {
    const plain = cells.map((cell) => cell.toLowerCase().trim());
    const question = plain.findIndex((cell) => /^question(?: text)?$/.test(cell));
    const note = plain.findIndex((cell) => /^(?:see )?notes?\b/.test(cell));
    if (question === -1 || note <= question) continue;
    const answer = plain.findIndex((cell, index) => index > question && /answer|response|yes, no/.test(cell));
    return { answer: answer === -1 || answer === note ? note - 1 : answer, note };
  }
  return { answer: undefined, note: undefined };
}

function readQuestion({ cells }: WorksheetRow, { answer, note }: Layout): Question | undefined {
  const at = cells.findIndex((cell) => QUESTION.test(cell.trim()));
  const match = QUESTION.exec(cells[at]?.trim() ?? '');
  if (match === null) return undefined;
  const id = `${match[1]?.toUpperCase()}-${match[2]}`;
  if (answer !== undefined && answer > at + 1) {
    return { id, answer: cells[answer]?.trim() ?? '', note: note === undefined ? '' : (cells[note]?.trim() ?? '') };
  }
  // Without headings: what follows the question is the answer, then the note, then references to standards.
  const rest = cells.slice(at + 2).map((cell) => cell.trim());
  const [first = '', second = ''] = rest;
  return { id, answer: first, note: REFERENCE.test(second) ? '' : second };
}

/** `Note 3` with its text in the next cell, or `Note 3: text`, on a sheet of their own or below the questions. */
function addNote({ cells }: WorksheetRow, notes: Map<string, string>): void {
  const at = cells.findIndex((cell) => cell.trim() !== '');
  const match = /^note\s*#?\s*(\d{1,3})\s*[:.)-]?\s*(.*)$/is.exec(cells[at]?.trim() ?? '');
  if (match === null) return;
  const text =
    match[2]?.trim() ||
    (cells
      .slice(at + 1)
      .find((cell) => cell.trim() !== '')
      ?.trim() ??
      '');
  if (text !== '') notes.set(match[1] ?? '', text);
}

function toAnswer({ id, answer, note }: Question, notes: ReadonlyMap<string, string>): SecurityFormAnswer {
  const reference = /^(?:(?:see\s+)?notes?\s*)?#?(\d{1,3})$/i.exec(note)?.[1];
  const text = (reference === undefined ? undefined : notes.get(reference)) ?? note;
  const meaning = answerOf(answer);
  return {
    question: id,
    answer:
      id.startsWith('DOC-') && meaning !== 'none' && !/^(?:yes|no|n\/?a|see notes?)$/i.test(answer) ? 'text' : meaning,
    text: plainText(answer, 2048),
    note: plainText(text, 4096),
  };
}
