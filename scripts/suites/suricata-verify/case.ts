import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { EveAlertOptions } from '@sphinx/wire';
import { parse } from 'yaml';

/** The Suricata whose behaviour is compared with; checks for others are left out. */
const COMPARED_VERSION = [8, 0, 7];

interface Requirements {
  readonly 'min-version'?: string | number;
  readonly 'lt-version'?: string | number;
  readonly version?: string | number;
  readonly features?: readonly string[];
}

export interface VerifyFilter {
  readonly count: number | string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly filename?: string;
  readonly requires?: Requirements | null;
}

/** `test.yaml`, as far as it is read here; its form is that of Suricata's own runner. */
interface CaseFile {
  readonly pcap?: string | false;
  readonly rules?: string;
  readonly args?: readonly string[] | null;
  readonly requires?: Requirements | null;
  readonly checks?: readonly { readonly filter?: VerifyFilter; readonly requires?: Requirements | null }[] | null;
  readonly env?: Readonly<Record<string, unknown>> | null;
  readonly command?: unknown;
  readonly 'exit-code'?: unknown;
}

/** A case with all that is needed to run it. */
export interface VerifyCase {
  readonly folder: string;
  readonly capture: string;
  readonly ruleFiles: readonly string[];
  /** `suricata.yaml` of the case, as far as it is there. */
  readonly settings: unknown;
  /** `--set` arguments, by name. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Variables of the environment that the case sets. */
  readonly environment: Readonly<Record<string, unknown>>;
  readonly filters: readonly VerifyFilter[];
}

/** `eve-log` of `outputs`, as far as it is read here. */
interface LogSettings {
  readonly 'community-id-seed'?: unknown;
  readonly types?: readonly unknown[] | null;
}

/** @returns `community-id-seed` of the case's log, 0 unless it sets one */
export function communityIdSeed({ settings }: VerifyCase): number {
  return Number(logsOf(settings).flatMap((log) => log['community-id-seed'] ?? [])[0] ?? 0);
}

/** @returns what the case's log tells of alerts: without `reference: yes` none of their references */
export function alertOptions({ settings }: VerifyCase): EveAlertOptions {
  const alerts = logsOf(settings)
    .flatMap(({ types }) => types ?? [])
    .flatMap((type) => Object.entries(type ?? {}))
    .flatMap(([name, value]: [string, unknown]) => (name === 'alert' ? [value] : []));
  return { references: isSwitchedOn(alerts, 'reference'), verdict: isSwitchedOn(alerts, 'verdict') };
}

/** @returns whether a setting of this name is `yes`, however deep it lies */
function isSwitchedOn(settings: unknown, name: string): boolean {
  if (typeof settings !== 'object' || settings === null) return false;
  return Object.entries(settings).some(
    ([key, value]: [string, unknown]) =>
      (key === name && /^(true|yes)$/i.test(String(value))) || isSwitchedOn(value, name),
  );
}

function logsOf(settings: unknown): readonly LogSettings[] {
  const outputs = (settings as { outputs?: readonly { 'eve-log'?: LogSettings }[] | null } | undefined)?.outputs ?? [];
  return outputs.flatMap((output) => output['eve-log'] ?? []);
}

/** @returns form in which the case's log tells DNS (`dns.version`): 3 unless it sets one */
export function dnsVersion({ settings, overrides, environment }: VerifyCase): 2 | 3 {
  if (Number(environment.SURICATA_EVE_DNS_VERSION) === 2) return 2;
  type Types = readonly ({ dns?: { version?: unknown } | null } | string)[] | null;
  const outputs = (settings as { outputs?: readonly { 'eve-log'?: { types?: Types } }[] | null } | undefined)?.outputs;
  const types = (outputs ?? []).flatMap((output) => output['eve-log']?.types ?? []);
  const isOverridden = [...overrides].some(([name, value]) => name.endsWith('.dns.version') && value === '2');
  if (isOverridden) return 2;
  return types.some((type) => typeof type === 'object' && Number(type?.dns?.version) === 2) ? 2 : 3;
}

/** @returns whether Suricata reads streams as it does inline: at once, not when they are acknowledged (`stream.inline`) */
export function isReadInline({ settings, overrides }: VerifyCase): boolean {
  const { stream } = (settings ?? {}) as { stream?: { inline?: unknown } };
  return /^(true|yes|1)$/.test(overrides.get('stream.inline') ?? String(stream?.inline ?? ''));
}

/** @returns the case, or why it cannot be run here */
export function readCase(file: string): VerifyCase | string {
  const folder = dirname(file);
  const content = (parse(readFileSync(file, 'utf8')) ?? {}) as CaseFile;
  const { requires, checks, command, 'exit-code': exitCode } = content;
  const args = content.args ?? [];
  if (command !== undefined) return 'it runs a command of its own';
  if (exitCode !== undefined && exitCode !== 0) return 'it checks that Suricata refuses to start';
  const outOfScope = findOutOfScope(args, requires?.features ?? []);
  if (outOfScope !== undefined) return outOfScope;
  if (!isMet(requires)) return 'it is for another version of Suricata';
  const capture = findCapture(folder, content.pcap);
  if (capture === undefined) return 'it has no capture';
  const filters = (checks ?? []).flatMap((check): VerifyFilter[] => {
    const { filter } = check;
    if (filter === undefined || !isMet(filter.requires) || !isMet(check.requires)) return [];
    return [{ ...filter, match: filter.match ?? {} }];
  });
  const settingsFile = join(folder, 'suricata.yaml');
  return {
    folder,
    capture,
    ruleFiles: content.rules === undefined ? findRules(folder, args) : [resolve(folder, content.rules)],
    settings: existsSync(settingsFile) ? readYaml(settingsFile) : undefined,
    overrides: readOverrides(args, folder),
    environment: content.env ?? {},
    filters,
  };
}

function readYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const OUT_OF_SCOPE: readonly (readonly [RegExp, string])[] = [
  [/--engine-analysis/, 'it checks the analysis of rules that Suricata prints'],
  [/--simulate-ips/, 'it checks what Suricata drops inline; SPHINX is passive'],
  [/--simulate-/, 'it simulates errors inside Suricata'],
  [/--firewall/, 'it checks firewall mode'],
  [/-T\b/, 'it checks that settings load'],
  [/security\.lua|luajit/, 'it runs Lua scripts'],
  [/exception-policy|memcap-policy|midstream-policy|error-policy/, 'it checks what Suricata does to packets on errors'],
  [/stream\.bypass|bypass/, 'it checks bypass of packets'],
  [/--unix-socket/, 'it is steered over a socket'],
];

function findOutOfScope(args: readonly string[], features: readonly string[]): string | undefined {
  const text = args.join(' ');
  const known = OUT_OF_SCOPE.find(([pattern]) => pattern.test(text));
  if (known !== undefined) return known[1];
  if (features.includes('HAVE_LUA')) return 'it runs Lua scripts';
  if (features.includes('QA_SIMULATION')) return 'it simulates errors inside Suricata';
  if (features.includes('GeoIP2')) return 'it needs a table of countries';
  return undefined;
}

function isMet(requirements: Requirements | null | undefined): boolean {
  if (requirements === null || requirements === undefined) return true;
  const { 'min-version': minimum, 'lt-version': below, version } = requirements;
  if (minimum !== undefined && compareVersion(minimum) < 0) return false;
  if (below !== undefined && compareVersion(below) >= 0) return false;
  return version === undefined || String(version).split('.')[0] === String(COMPARED_VERSION[0]);
}

function compareVersion(version: string | number): number {
  const parts = String(version).split('.').map(Number);
  for (const [index, own] of COMPARED_VERSION.entries()) {
    const difference = own - (parts[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function findCapture(folder: string, named: string | false | undefined): string | undefined {
  if (named === false) return undefined;
  if (named !== undefined) {
    const file = resolve(folder, expand(named, folder));
    return existsSync(file) ? file : undefined;
  }
  const captures = readdirSync(folder).filter((name) => /\.(pcap|pcapng)$/.test(name));
  const [only] = captures;
  return captures.length === 1 && only !== undefined ? join(folder, only) : undefined;
}

function findRules(folder: string, args: readonly string[]): readonly string[] {
  const named = args.flatMap((argument) => /^-[sS]\s*(\S+)/.exec(argument)?.[1] ?? []);
  const files = named.map((name) => resolve(folder, expand(name, folder)));
  if (files.length > 0) return files.filter((file) => existsSync(file));
  return readdirSync(folder)
    .filter((name) => name.endsWith('.rules'))
    .map((name) => join(folder, name));
}

function readOverrides(args: readonly string[], folder: string): ReadonlyMap<string, string> {
  return new Map(
    args.flatMap((argument) =>
      // One argument of a case may hold several of Suricata's.
      [...argument.matchAll(/(?:^|\s)--set\s+([^=\s]+)=((?:(?!\s--?[a-z]).)*)/g)].map(
        ([, name = '', value = '']) => [name, expand(value, folder).trim()] as const,
      ),
    ),
  );
}

/** Puts the folder of the case where its arguments name it. */
function expand(text: string, folder: string): string {
  return text.replace(/\$\{(?:TEST_DIR|SRCDIR)\}/g, folder);
}
