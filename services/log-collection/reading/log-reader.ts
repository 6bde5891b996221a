import { FormatSet, type LogFormat, type LogRecord } from '@sphinx/logs';
import { compileSigma, SigmaDetector, type SigmaFile, type SigmaPipeline, type SigmaReport } from '@sphinx/rules';
import type { RaisedAlert } from '../alerts/alert-desk.ts';
import { describeDetection, isTold, originOf, ruleEventOf } from '../alerts/describe-detection.ts';
import { type LogRow, toRow } from '../intake/log-row.ts';
import type { SeenMedium } from '../media/media-desk.ts';
import type { MediaKnowledge } from '../media/media-rule.ts';
import { type MediaSighting, MediaWatch } from '../media/media-watch.ts';
import { maskFileName, maskRow } from '../search/mask.ts';

/** What became of records. */
export interface ReadEvents {
  readonly rows: readonly LogRow[];
  /** What rules have found in them, in order. */
  readonly raised: readonly RaisedAlert[];
  /** What they tell of removable media. */
  readonly media: readonly SeenMedium[];
}

/** Brings records into one form and matches them with all rules. */
export class LogReader {
  readonly #pipelines: readonly SigmaPipeline[];
  readonly #media: MediaWatch;
  #formats = new FormatSet([]);
  #detector: SigmaDetector | undefined;

  /** @throws GrokError for a pattern of `media` that is none */
  constructor(pipelines: readonly SigmaPipeline[], media: MediaKnowledge) {
    this.#pipelines = pipelines;
    this.#media = new MediaWatch(media);
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
    const media: SeenMedium[] = [];
    const rows = records.map((record, index): LogRow => {
      const reading = this.#formats.read(record);
      const row = toRow(record, reading, ids[index] ?? '');
      const seen = this.#media.see(reading);
      if (seen !== undefined) media.push({ ...seen, logId: row.log_id });
      const found = this.#detector?.detect(ruleEventOf(record.raw, reading), reading.timeMs, originOf(reading)) ?? [];
      const told = found.filter(isTold);
      if (told.length === 0) return row;
      const masked = maskRow(row, this.#formats.formatOf(row.format));
      const shown = seen === undefined ? masked : maskFileName(masked, aboutMedium(seen));
      for (const detection of told) raised.push(describeDetection(detection, shown));
      return row;
    });
    return { rows, raised, media };
  }

  /** Ends time spans of rules that are over. @param nowMs milliseconds since 1970 */
  advance(nowMs: number): readonly RaisedAlert[] {
    const found = this.#detector?.advance(nowMs) ?? [];
    return found.filter(isTold).map((detection) => describeDetection(detection, undefined));
  }
}

function aboutMedium({ action, fileKind }: MediaSighting): string {
  return fileKind === '' ? `removable medium, ${action}` : `removable medium, ${action}: ${fileKind}`;
}
