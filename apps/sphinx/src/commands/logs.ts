import { SphinxError } from '@sphinx/platform/errors';
import type { SigmaDetection, SigmaLevel, SigmaLogsource, SigmaReport } from '@sphinx/rules';
import { type Command, Option } from 'commander';
import type { FileEvent, FileReading } from '../runtime/log-files.ts';
import { EXIT, print, printJson } from '../terminal/output.ts';
import { renderTable } from '../terminal/table.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { archiveCommand, archiveKeysCommand, verifyArchiveCommand } from './logs-archive.ts';
import { formatsCommand } from './logs-formats.ts';
import { retentionCommand } from './logs-retention.ts';
import { importCommand, logSourcesCommand, rulesCommand, searchCommand, tailCommand } from './logs-store.ts';

interface ScanOptions extends CommonOptions {
  readonly rules?: readonly string[];
  readonly pipelines?: readonly string[];
  readonly level: SigmaLevel;
  readonly logsource?: string;
}

/** `sphinx logs` */
export function logsCommand(): Command {
  return defineCommand('logs', 'find events of logs, take files in, or match files with rules', EXAMPLE)
    .addCommand(scanCommand())
    .addCommand(searchCommand())
    .addCommand(tailCommand())
    .addCommand(importCommand())
    .addCommand(logSourcesCommand())
    .addCommand(rulesCommand())
    .addCommand(formatsCommand())
    .addCommand(retentionCommand())
    .addCommand(archiveCommand())
    .addCommand(archiveKeysCommand())
    .addCommand(verifyArchiveCommand());
}

const LEVELS = ['informational', 'low', 'medium', 'high', 'critical'] as const;

const EXAMPLE = `sphinx logs scan Security.evtx Sysmon.evtx --rules sigma/rules
sphinx logs scan winlogbeat.ndjson --rules sigma/rules --level high --json
sphinx logs scan atna.log`;

/** Examples of one rule that are told of a file; all are counted. */
const EXAMPLES_KEPT = 5;

/** `sphinx logs scan FILE…` */
function scanCommand(): Command {
  return defineCommand('scan', 'match log files with Sigma rules; exit code 3 when a rule matches', EXAMPLE)
    .argument('<file...>', 'EVTX, Windows events in XML or JSON, DICOM or ATNA audit messages, any JSON; also gzipped')
    .option('--rules <path...>', 'Sigma rules: files, or folders of .yml files; by itself the rules for hospitals')
    .option('--pipelines <folder...>', 'folders with pipelines of your own: fields, log sources, placeholders')
    .option('--logsource <parts>', 'what JSON that does not tell it is from, such as product:linux,service:auditd')
    .addOption(
      new Option('--level <level>', 'tell only of rules from this level on').choices(LEVELS).default('informational'),
    )
    .action(async (files: string[], _options: ScanOptions, self: Command) => {
      const options = self.optsWithGlobals<ScanOptions>();
      const result = await scan(files, options);
      if (options.json) printJson(result);
      else print(describe(result));
      if (result.files.some(({ problems }) => problems.length > 0)) process.exitCode = EXIT.failure;
      else if (result.detections.length > 0) process.exitCode = EXIT.negative;
    });
}

interface FoundRule {
  readonly file: string;
  readonly rule: {
    readonly id: string;
    readonly title: string;
    readonly level: SigmaLevel;
    readonly tags: readonly string[];
  };
  count: number;
  /** Records of the log, the first few. */
  readonly records: { readonly number: number; readonly time: string | undefined }[];
}

interface ScanResult {
  readonly rules: { readonly loaded: number; readonly rejected: SigmaReport['rejected'] };
  readonly files: readonly ({ readonly file: string } & FileReading)[];
  readonly detections: readonly FoundRule[];
}

async function scan(files: readonly string[], options: ScanOptions): Promise<ScanResult> {
  const { createProgress } = await import('../terminal/progress.ts');
  const origin = options.logsource === undefined ? undefined : parseLogsource(options.logsource);
  const progress = createProgress('Scanning');
  try {
    progress.update(0, 'reading rules');
    const { loadSigma, OWN_RULES } = await import('../runtime/load-sigma.ts');
    const sigma = await loadSigma(options.rules ?? [OWN_RULES], options.pipelines ?? []);
    if (sigma.report.loaded.length === 0) {
      throw new SphinxError('SPX_INVALID_INPUT', 'No Sigma rule was found. Name a folder of rules with --rules.');
    }
    const { SigmaDetector } = await import('@sphinx/rules');
    const { readLogFile } = await import('../runtime/log-files.ts');
    const detections: FoundRule[] = [];
    const readings: ({ file: string } & FileReading)[] = [];
    for (const [index, file] of files.entries()) {
      const detector = new SigmaDetector(sigma);
      const tally = createTally(file, options.level);
      let lastMs = Number.NEGATIVE_INFINITY;
      const take = (one: FileEvent) => {
        const timeMs = Number.isFinite(one.timeMs) ? one.timeMs : 0;
        lastMs = Math.max(lastMs, timeMs);
        tally.add(detector.detect(one.event, timeMs, origin), one);
      };
      const report = (part: number) => progress.update((index + part) / files.length, file);
      report(0);
      readings.push({ file, ...(await readLogFile(file, take, report).catch(unreadable(file))) });
      // The file is over, and with it every timespan.
      tally.add(detector.advance(Number.POSITIVE_INFINITY), { number: 0, timeMs: lastMs });
      detections.push(...tally.found());
    }
    detections.sort((a, b) => LEVELS.indexOf(b.rule.level) - LEVELS.indexOf(a.rule.level));
    const { loaded, rejected } = sigma.report;
    return { rules: { loaded: loaded.length, rejected }, files: readings, detections };
  } finally {
    progress.done();
  }
}

function unreadable(file: string): (cause: unknown) => never {
  return (cause) => {
    throw new SphinxError('SPX_NOT_FOUND', `${file} cannot be read. Is the name right?`, { cause });
  };
}

function createTally(file: string, least: SigmaLevel) {
  const found = new Map<string, FoundRule>();
  return {
    add(detections: readonly SigmaDetection[], { number, timeMs }: Pick<FileEvent, 'number' | 'timeMs'>): void {
      for (const { rule } of detections) {
        if (LEVELS.indexOf(rule.level) < LEVELS.indexOf(least)) continue;
        const { id, title, level, tags } = rule;
        const known = found.get(id) ?? { file, rule: { id, title, level, tags }, count: 0, records: [] };
        known.count++;
        const time = Number.isFinite(timeMs) && timeMs > 0 ? new Date(timeMs).toISOString() : undefined;
        if (known.records.length < EXAMPLES_KEPT) known.records.push({ number, time });
        found.set(id, known);
      }
    },
    found: () => [...found.values()],
  };
}

/** @throws SphinxError SPX_INVALID_INPUT */
function parseLogsource(text: string): SigmaLogsource {
  const parts = text.split(',').map((part) => part.split(':').map((each) => each.trim().toLowerCase()));
  const isFitting = parts.every(
    ([name = '', value = '']) => ['product', 'category', 'service'].includes(name) && value !== '',
  );
  if (!isFitting) {
    throw new SphinxError(
      'SPX_INVALID_INPUT',
      `--logsource ${text} does not fit: write it as product:linux,service:auditd.`,
    );
  }
  return Object.fromEntries(parts);
}

function describe({ rules, files, detections }: ScanResult): string {
  const lines: string[] = [];
  if (detections.length > 0) lines.push(renderTable(detections, COLUMNS, 80), '');
  for (const { file, events, problems } of files) {
    lines.push(`${file}: ${events} events${problems.length === 0 ? '' : `, not read whole: ${problems.join('; ')}`}`);
  }
  const rejected = rules.rejected.length === 0 ? '' : `, ${rules.rejected.length} rejected (--json tells why)`;
  lines.push(`${rules.loaded} rules${rejected}, ${detections.length} of them matched`);
  return lines.join('\n');
}

const COLUMNS = [
  { title: 'Level', value: ({ rule }: FoundRule) => rule.level },
  { title: 'Times', value: ({ count }: FoundRule) => String(count), align: 'right' as const },
  { title: 'Rule', value: ({ rule }: FoundRule) => rule.title },
  { title: 'ATT&CK', value: ({ rule }: FoundRule) => techniques(rule.tags) },
  { title: 'First', value: ({ records }: FoundRule) => records[0]?.time ?? '' },
  { title: 'File', value: ({ file }: FoundRule) => file },
];

function techniques(tags: readonly string[]): string {
  return tags.flatMap((tag) => (/^attack\.t\d/.test(tag) ? [tag.slice('attack.'.length).toUpperCase()] : [])).join(' ');
}
