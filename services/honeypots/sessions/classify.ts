import type { Severity } from '@sphinx/schema';
import type { Behaviour, Sign } from './behaviour.ts';
import type { VisitorKind } from './session.ts';
import type { SessionEvent, TerminalFrame } from './session-event.ts';

/** Attempts from which somebody guesses, in one session or of one source within an hour. */
const GUESSING_ATTEMPTS = 4;
/** Different services of decoys within an hour from which somebody looks around. */
const SCANNED_SERVICES = 4;
/** Keys typed one by one, as a person does; a program sends a line at a time. */
const TYPED_KEYS = 8;
/** Pauses of a person between two commands, in milliseconds. */
const HUMAN_PAUSE_MS = 1500;
const HUMAN_PAUSES = 2;

const ORDER: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical'];

/** @returns the graver of two severities */
export function graver(left: Severity, right: Severity): Severity {
  return ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right;
}

/** What is known of the source of a session beside the session itself. */
export interface SourceRecord {
  /** In the last hour, all decoys together. */
  readonly logOns: number;
  readonly services: number;
}

export interface Judgement {
  readonly visitor: VisitorKind;
  readonly reasons: readonly string[];
  readonly severity: Severity;
  readonly techniques: readonly string[];
}

/** What a judgement rests on. */
export interface Observed {
  readonly events: readonly SessionEvent[];
  readonly signs: readonly Sign[];
  readonly frames: readonly TerminalFrame[];
  readonly tools: readonly string[];
  readonly bytesIn: number;
  readonly source: SourceRecord;
  /** Titles of YARA rules that match what was left behind, with the gravest severity. */
  readonly sampleRules: readonly string[];
  readonly sampleSeverity: Severity | undefined;
}

/** Says who was there and how grave it is, with reasons. Nobody has any business in a decoy, so that nothing is harmless. */
export function judge(observed: Observed, behaviour: Behaviour): Judgement {
  const { signs, sampleSeverity } = observed;
  const { visitor, reasons } = visitorOf(observed, behaviour);
  let severity: Severity = 'low';
  for (const sign of signs) severity = graver(severity, sign.severity);
  if (sampleSeverity !== undefined) severity = graver(severity, graver('high', sampleSeverity));
  const techniques = new Set(signs.flatMap((sign) => sign.techniques));
  if (visitor === 'brute-force') {
    techniques.add(techniqueOfGuessing(observed.events));
    severity = graver(severity, 'medium');
  }
  if (visitor === 'scanner' || techniques.size === 0) techniques.add('T1046');
  return { visitor, reasons, severity, techniques: [...techniques].sort() };
}

function visitorOf(observed: Observed, behaviour: Behaviour): { visitor: VisitorKind; reasons: readonly string[] } {
  const malware = malwareReasons(observed);
  if (malware.length > 0) return { visitor: 'malware', reasons: malware };
  const human = humanReasons(observed);
  if (human.length > 0) return { visitor: 'human', reasons: human };
  const guesser = guesserReasons(observed, behaviour);
  if (guesser.length > 0) return { visitor: 'brute-force', reasons: guesser };
  const scanner = scannerReasons(observed, behaviour);
  if (scanner.length > 0) return { visitor: 'scanner', reasons: scanner };
  return {
    visitor: 'unknown',
    reasons: ['what was done fits nothing that is known of scanners, guessers, programs or persons'],
  };
}

function malwareReasons({ signs, sampleRules }: Observed): readonly string[] {
  return [
    ...sampleRules.map((title) => `what it left behind fits the rule "${title}"`),
    ...new Set(signs.filter(({ isMalware }) => isMalware).map(({ title }) => title)),
  ];
}

function humanReasons({ events, frames }: Observed): readonly string[] {
  const keys = frames.filter(([, direction, text]) => direction === 'i' && text.length === 1);
  const pauses = keys.map(([time], index) => time - (keys[index - 1]?.[0] ?? time)).filter((pause) => pause > 0.03);
  const reasons: string[] = [];
  if (keys.length >= TYPED_KEYS && new Set(pauses.map((pause) => Math.round(pause * 50))).size > 2) {
    reasons.push(`typed ${keys.length} keys one by one, at an uneven pace`);
  }
  if (keys.some(([, , text]) => text === '\x7f' || text === '\b')) reasons.push('corrected what it had typed');
  const commands = events.filter(({ kind }) => kind === 'command');
  const long = commands.filter(
    ({ atMs }, index) => index > 0 && atMs - (commands[index - 1]?.atMs ?? 0) > HUMAN_PAUSE_MS,
  );
  if (long.length >= HUMAN_PAUSES) reasons.push(`thought for seconds between commands, ${long.length} times`);
  return reasons;
}

function guesserReasons({ events, tools, source }: Observed, { guessers }: Behaviour): readonly string[] {
  const attempts = events.filter(({ kind }) => kind === 'log-on').length;
  const tool = tools.find((each) => guessers.some((word) => each.toLowerCase().includes(word)));
  return [
    ...(attempts >= GUESSING_ATTEMPTS ? [`tried ${attempts} log-ons in this session`] : []),
    ...(attempts > 0 && attempts < GUESSING_ATTEMPTS && source.logOns >= GUESSING_ATTEMPTS
      ? [`tried ${source.logOns} log-ons on decoys within an hour`]
      : []),
    ...(tool !== undefined && attempts > 0 ? [`uses ${tool}, which guesses passwords`] : []),
  ];
}

function scannerReasons({ events, tools, source, bytesIn }: Observed, { scanners }: Behaviour): readonly string[] {
  const tool = tools.find((each) => scanners.some((word) => each.toLowerCase().includes(word)));
  const deeds = events.filter(({ kind }) => kind !== 'client' && kind !== 'malformed' && kind !== 'limit');
  return [
    ...(tool === undefined ? [] : [`says that it is ${tool}`]),
    ...(source.services >= SCANNED_SERVICES ? [`called ${source.services} services of decoys within an hour`] : []),
    ...(bytesIn === 0 ? ['opened the connection and said nothing'] : []),
    ...(bytesIn > 0 && deeds.length === 0 ? ['said nothing that the service understands'] : []),
    ...(deeds.length === 1 && deeds[0]?.kind === 'request' ? ['asked one question and left'] : []),
  ];
}

/** Many names with few passwords are sprayed, else they are guessed (ATT&CK T1110). */
function techniqueOfGuessing(events: readonly SessionEvent[]): string {
  const attempts = events.filter(({ kind }) => kind === 'log-on');
  const users = new Set(attempts.map(({ data }) => data?.user));
  const secrets = new Set(attempts.map(({ data }) => data?.secret));
  return users.size > 3 && secrets.size <= 2 ? 'T1110.003' : 'T1110.001';
}
