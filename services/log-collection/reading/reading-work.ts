import type { LogFormat, LogRecord } from '@sphinx/logs';
import type { SigmaFile, SigmaReport } from '@sphinx/rules';
import type { RaisedAlert } from '../alerts/alert-desk.ts';
import type { SeenMedium } from '../media/media-desk.ts';
import type { MediaKnowledge } from '../media/media-rule.ts';
import type { PackedRows } from './row-columns.ts';

/** What the thread that reads logs is asked, by kind, with what it answers. */
export interface ReadingWork {
  formats: { readonly question: readonly LogFormat[]; readonly answer: null };
  rules: { readonly question: readonly SigmaFile[]; readonly answer: SigmaReport };
  check: { readonly question: readonly SigmaFile[]; readonly answer: SigmaReport };
  read: {
    readonly question: { readonly records: readonly LogRecord[]; readonly ids: readonly string[] };
    readonly answer: {
      readonly rows: PackedRows;
      readonly raised: readonly RaisedAlert[];
      readonly media: readonly SeenMedium[];
    };
  };
  advance: { readonly question: number; readonly answer: readonly RaisedAlert[] };
}

export type ReadingKind = keyof ReadingWork;

/** Questions are answered in order. */
export type ReadingQuestion = {
  [Kind in ReadingKind]: {
    readonly number: number;
    readonly kind: Kind;
    readonly question: ReadingWork[Kind]['question'];
  };
}[ReadingKind];

export type ReadingAnswer =
  | { readonly number: number; readonly answer: ReadingWork[ReadingKind]['answer'] }
  | { readonly number: number; readonly error: string };

/** What the thread is started with. */
export interface ReadingTask {
  /** Folders of pipelines of Sigma; later ones win. */
  readonly pipelines: readonly string[];
  readonly media: MediaKnowledge;
}
