import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogFormat } from '@sphinx/logs';
import { SphinxError } from '@sphinx/platform';
import {
  compileSigma,
  loadPipelines,
  type SigmaDetection,
  SigmaDetector,
  type SigmaEvent,
  type SigmaFile,
  type SigmaLevel,
  type SigmaLogsource,
  type SigmaPipeline,
  type SigmaReport,
  type SigmaRuleInfo,
} from '@sphinx/rules';
import type { TakenEvent } from '../intake/log-intake.ts';
import type { AlertDesk, RaisedAlert } from './alert-desk.ts';
import type { AlertStore, RuleFile, StoredRuleSet } from './alert-store.ts';
import { evidenceOf, subjectsOf } from './describe-event.ts';

/** The rules that SPHINX comes with. */
const OWN_SET = 'hospital';
const MAXIMUM_SUBJECTS = 50;
const SEVERITIES: Readonly<Record<SigmaLevel, RaisedAlert['severity']>> = {
  informational: 'informational',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

export interface RuleSetView {
  readonly id: string;
  readonly title: string;
  readonly isEnabled: boolean;
  readonly isOwn: boolean;
  readonly rules: number;
  readonly rejected: SigmaReport['rejected'];
}

export interface RuleView {
  readonly info: SigmaRuleInfo;
  readonly set: string;
  readonly isEnabled: boolean;
}

/** Matches every event that comes in with all Sigma rules that are on. */
export class RuleDesk {
  readonly #store: AlertStore;
  readonly #alerts: AlertDesk;
  readonly #pipelines: readonly SigmaPipeline[];
  readonly #own: readonly SigmaFile[];
  readonly #formatOf: (id: string) => LogFormat | undefined;
  #sets: readonly StoredRuleSet[] = [];
  #off: ReadonlySet<string> = new Set();
  #detector: SigmaDetector | undefined;
  #rules: readonly RuleView[] = [];
  #rejected: SigmaReport['rejected'] = [];

  private constructor(parts: {
    store: AlertStore;
    alerts: AlertDesk;
    pipelines: readonly SigmaPipeline[];
    own: readonly SigmaFile[];
    formatOf: (id: string) => LogFormat | undefined;
  }) {
    this.#store = parts.store;
    this.#alerts = parts.alerts;
    this.#pipelines = parts.pipelines;
    this.#own = parts.own;
    this.#formatOf = parts.formatOf;
  }

  static async open(parts: {
    store: AlertStore;
    alerts: AlertDesk;
    knowledgeFolder: string;
    formatOf: (id: string) => LogFormat | undefined;
  }): Promise<RuleDesk> {
    const folder = join(parts.knowledgeFolder, 'sigma-rules');
    const names = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
    const own: SigmaFile[] = [];
    for (const name of names) {
      own.push({ name: `${OWN_SET}/${name}`, content: await readFile(join(folder, name), 'utf8') });
    }
    const pipelines = await loadPipelines(join(parts.knowledgeFolder, 'sigma-pipelines'));
    const desk = new RuleDesk({ ...parts, pipelines, own });
    await desk.#load();
    return desk;
  }

  get ruleSets(): readonly RuleSetView[] {
    const own = { id: OWN_SET, title: 'Rules for hospitals', isOwn: true, isEnabled: this.#isOwnEnabled };
    return [own, ...this.#sets.filter(({ id }) => id !== OWN_SET).map((set) => ({ ...set, isOwn: false }))].map(
      ({ id, title, isEnabled, isOwn }) => ({
        id,
        title,
        isEnabled,
        isOwn,
        rules: this.#rules.filter(({ set }) => set === id).length,
        rejected: this.#rejected.filter(({ file }) => file.startsWith(`${id}/`)),
      }),
    );
  }

  get rules(): readonly RuleView[] {
    return this.#rules;
  }

  /** Looks at events as they come in. */
  take(events: readonly TakenEvent[]): void {
    const detector = this.#detector;
    if (detector === undefined) return;
    for (const event of events) {
      const { reading } = event;
      const origin = reading.logsource as SigmaLogsource;
      const detections = detector.detect(ruleEventOf(event), reading.timeMs, hasParts(origin) ? origin : undefined);
      for (const detection of detections) this.#raise(detection, event);
    }
  }

  /** Ends timespans that are over. @param nowMs milliseconds since 1970 */
  advance(nowMs: number): void {
    for (const detection of this.#detector?.advance(nowMs) ?? []) this.#raise(detection, undefined);
  }

  /**
   * Adds a set of rules, or puts another in the place of one.
   *
   * @throws SphinxError SPX_INVALID_INPUT when no rule of it can be loaded
   */
  async add(title: string, files: readonly RuleFile[], nowMs: number): Promise<RuleSetView> {
    const report = compileSigma(files, this.#pipelines).report;
    if (report.loaded.length === 0) {
      const [first] = report.rejected;
      const reason = first === undefined ? '' : ` The first: ${first.reason}.`;
      throw new SphinxError('SPX_INVALID_INPUT', `There is no Sigma rule in it that can be loaded.${reason}`);
    }
    const known = this.#sets.find((set) => set.title === title);
    const id = known?.id ?? `set-${createHash('sha256').update(`${title}\n${nowMs}`).digest('hex').slice(0, 12)}`;
    await this.#store.saveRuleSet({ id, title, isEnabled: true, files, changedAt: nowMs });
    await this.#load();
    return this.#requireSet(id);
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async switchSet(id: string, isEnabled: boolean, nowMs: number): Promise<void> {
    this.#requireSet(id);
    const known = this.#sets.find((set) => set.id === id);
    const set = known ?? { id: OWN_SET, title: 'Rules for hospitals', files: [], changedAt: nowMs };
    await this.#store.saveRuleSet({ ...set, isEnabled });
    await this.#load();
  }

  /** @throws SphinxError SPX_NOT_FOUND, SPX_INVALID_INPUT for the rules that SPHINX comes with */
  async remove(id: string): Promise<void> {
    if (this.#requireSet(id).isOwn) {
      throw new SphinxError('SPX_INVALID_INPUT', 'These rules come with SPHINX. Switch them off instead.');
    }
    await this.#store.removeRuleSet(id);
    await this.#load();
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async switchRule(id: string, isEnabled: boolean): Promise<void> {
    if (!this.#rules.some(({ info }) => info.id === id)) {
      throw new SphinxError('SPX_NOT_FOUND', `There is no rule ${id}.`);
    }
    await this.#store.switchRule(id, isEnabled);
    this.#off = await this.#store.rulesOff();
    this.#rules = this.#rules.map((rule) => ({ ...rule, isEnabled: !this.#off.has(rule.info.id) }));
  }

  #requireSet(id: string): RuleSetView {
    const found = this.ruleSets.find((set) => set.id === id);
    if (found === undefined) throw new SphinxError('SPX_NOT_FOUND', `There is no set ${id} of rules.`);
    return found;
  }

  get #isOwnEnabled(): boolean {
    return this.#sets.find(({ id }) => id === OWN_SET)?.isEnabled ?? true;
  }

  async #load(): Promise<void> {
    this.#sets = await this.#store.ruleSets();
    this.#off = await this.#store.rulesOff();
    const site = this.#sets.filter(({ isEnabled, id }) => isEnabled && id !== OWN_SET);
    const files = [
      ...(this.#isOwnEnabled ? this.#own : []),
      ...site.flatMap(({ id, files: of }) => of.map(({ name, content }) => ({ name: `${id}/${name}`, content }))),
    ];
    const compiled = compileSigma(files, this.#pipelines);
    this.#detector = new SigmaDetector(compiled);
    this.#rejected = compiled.report.rejected;
    this.#rules = compiled.report.loaded.map((info) => ({
      info,
      set: info.file.split('/')[0] ?? '',
      isEnabled: !this.#off.has(info.id),
    }));
  }

  #raise({ rule, correlation }: SigmaDetection, event: TakenEvent | undefined): void {
    // A rule that only serves another as its beginning is no alert by itself.
    if (this.#off.has(rule.id) || (rule.level === 'informational' && correlation === undefined)) return;
    const format = event === undefined ? undefined : this.#formatOf(event.row.format);
    const subjects = event === undefined ? groupSubjects(correlation) : subjectsOf(event.row, format);
    const time = correlation?.firstMs ?? event?.row.time ?? 0;
    const endTime = correlation?.lastMs ?? event?.row.time ?? time;
    const count = Math.max(1, correlation?.count ?? 1);
    const where = event?.row.device_host || event?.row.device_ip || event?.row.source_id;
    this.#alerts.raise({
      kind: 'log-rule',
      analytic: {
        id: rule.id,
        title: rule.title.slice(0, 500) || rule.id,
        set: rule.file.split('/')[0] ?? '',
        version: rule.status,
        references: rule.references.slice(0, 50).map((reference) => reference.slice(0, 1000)),
      },
      severity: SEVERITIES[rule.level],
      message:
        `${rule.title}${count > 1 ? `, ${count} events` : ''}${where === undefined ? '' : ` in the log of ${where}`}.`.slice(
          0,
          2000,
        ),
      subjects: subjects.slice(0, MAXIMUM_SUBJECTS),
      techniques: techniquesOf(rule.tags),
      time: Math.max(0, Math.trunc(time)),
      endTime: Math.max(0, Math.trunc(endTime)),
      count,
      evidence: event === undefined ? [] : [evidenceOf(event.row, format)],
    });
  }
}

/** Of correlation rules that end by time alone: whoever the events were grouped by. */
function groupSubjects(correlation: SigmaDetection['correlation']): RaisedAlert['subjects'] {
  const subjects = (correlation?.group ?? []).flatMap(({ field, value }) => {
    if (value === '' || /patient|participantobject/i.test(field)) return [];
    const type = /ip|address/i.test(field) ? 'ip' : /user|account/i.test(field) ? 'user' : 'service';
    return [{ role: 'actor', type, value: value.slice(0, 500) } as const];
  });
  return subjects.length > 0 ? subjects : [{ role: 'affected', type: 'service', value: 'logs' }];
}

/** Rules for logs of lines look for words in the line; what is JSON or XML has all of it in its fields. */
function ruleEventOf({ row, reading: { fields } }: TakenEvent): SigmaEvent {
  const isLine = fields.message === undefined && !/^\s*[{<][^\d]/.test(row.raw);
  return isLine ? { ...fields, message: row.raw } : fields;
}

function techniquesOf(tags: readonly string[]): readonly string[] {
  return tags.flatMap((tag) => {
    const technique = /^attack\.(t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.[1];
    return technique === undefined ? [] : [technique.toUpperCase()];
  });
}

function hasParts({ product, category, service }: SigmaLogsource): boolean {
  return product !== undefined || category !== undefined || service !== undefined;
}
