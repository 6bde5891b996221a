import { FormatSet, type LogFormat, type LogRecord } from '@sphinx/logs';
import { compileSigma, SigmaDetector, type SigmaFile, type SigmaPipeline, type SigmaReport } from '@sphinx/rules';
import type { RaisedAlert } from '../alerts/alert-desk.ts';
import { describeDetection, isTold, originOf, ruleEventOf } from '../alerts/describe-detection.ts';
import { type LogRow, toRow } from '../intake/log-row.ts';
import { maskRow } from '../search/mask.ts';

/** What became of records. */
export interface ReadEvents {
  readonly rows: readonly LogRow[];
  /** What rules have found in them, in order. */
  readonly raised: readonly RaisedAlert[];
}

/** Brings records into one form and matches them with all rules. */
export class LogReader {
  readonly #pipelines: readonly SigmaPipeline[];
  #formats = new FormatSet([]);
  #detector: SigmaDetector | undefined;

  constructor(pipelines: readonly SigmaPipeline[]) {
    this.#pipelines = pipelines;
  }

  /** @throws GrokError for a pattern that is none; the formats of before stay in force */
  useFormats(formats: readonly LogFormat[]): void {
    this.#formats = new FormatSet(formats);
  }

  /** Puts rules into the place of those before. What rules over several events had seen is forgotten. */
  useRules(files: readonly SigmaFile[]): SigmaReport {
    const compiled = compileSigma(files, this.#pipelines);
    this.#detector = new SigmaDetector(compiled);
    return compiled.report;
  }

  /** @returns what would become of rules; none is put into force */
  checkRules(files: readonly SigmaFile[]): SigmaReport {
    return compileSigma(files, this.#pipelines).report;
  }

  /** @param ids under which the events are kept, one for each record. @returns a row for every record */
  read(records: readonly LogRecord[], ids: readonly string[]): ReadEvents {
    const raised: RaisedAlert[] = [];
    const rows = records.map((record, index): LogRow => {
      const reading = this.#formats.read(record);
      const row = toRow(record, reading, ids[index] ?? '');
      const found = this.#detector?.detect(ruleEventOf(record.raw, reading), reading.timeMs, originOf(reading)) ?? [];
      const told = found.filter(isTold);
      if (told.length === 0) return row;
      const shown = maskRow(row, this.#formats.formatOf(row.format));
      for (const detection of told) raised.push(describeDetection(detection, shown));
      return row;
    });
    return { rows, raised };
  }

  /** Ends time spans of rules that are over. @param nowMs milliseconds since 1970 */
  advance(nowMs: number): readonly RaisedAlert[] {
    const found = this.#detector?.advance(nowMs) ?? [];
    return found.filter(isTold).map((detection) => describeDetection(detection, undefined));
  }
}
