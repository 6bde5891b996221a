import type { Interference } from '@sphinx/playbooks';
import { type OpenC2Command, targetTypeOf } from '@sphinx/response';
import type { Device } from '../assets/device.ts';
import { commandText, interferenceOf } from '../commands/interference.ts';
import type { ResponsePolicy } from '../knowledge/response-policy.ts';
import type { Micro } from './kept-flows.ts';
import type { Touched } from './touched.ts';

/** What the guard says of an action, with its reasons. */
export interface GuardVerdict {
  readonly decision: 'run' | 'ask' | 'refuse';
  readonly interference: Interference;
  /** Why, in sentences. */
  readonly reasons: readonly string[];
  /** What care loses, in sentences; empty where nothing is known to be lost. */
  readonly careLoss: readonly string[];
  /** Groups that have to agree, one person each. */
  readonly approvers: readonly string[];
  /** What was judged: an agreement covers another judgement when that has no key besides. */
  readonly keys: readonly string[];
  /** What may be done instead; null where there is nothing milder. */
  readonly milder: 'micro-quarantine' | null;
}

/** What the guard has to know of the world at this moment. */
export interface GuardView {
  readonly policy: ResponsePolicy;
  readonly touched: Touched;
  /** Devices that are cut off at this moment, or will be before this action. */
  readonly cut: ReadonlySet<string>;
  /** Devices of a care area that care works with. */
  readonly inCareArea: (careArea: string) => readonly Device[];
  /** What stays, and what not, of a device that is restricted. */
  readonly microOf: (device: Device) => Micro;
  /** What stops or gets worse elsewhere without a device, in sentences. */
  readonly careLossOf: (device: Device) => readonly string[];
}

interface Finding {
  readonly decision: GuardVerdict['decision'];
  readonly key: string;
  readonly reason: string;
  readonly approvers: readonly string[];
}

const ORDER = ['run', 'ask', 'refuse'] as const;
/** A device is gone for care while that lasts. */
const CUTTING: ReadonlySet<Interference> = new Set(['cut-off', 'restarted', 'replaced']);
const VERBS: Readonly<Record<Interference, string>> = {
  none: 'left as it is',
  watched: 'looked at',
  'account-locked': 'locked',
  restricted: 'restricted',
  restarted: 'restarted or stopped',
  replaced: 'overwritten',
  'cut-off': 'cut off',
};

/** Judges an action by the policy: the one place where it is decided what a program may do to care. Pure. */
export function judgeAction(command: OpenC2Command, view: GuardView): GuardVerdict {
  const { touched } = view;
  const interference = interferenceOf(command);
  const devices = touched.devices;
  const findings = [
    ...devices.map((device) => deviceFinding(device, interference, view.policy)),
    ...(touched.unknownDevice === null ? [] : [unknownFinding(touched.unknownDevice, interference, view.policy)]),
    ...(touched.other === null ? [] : [otherFinding(command, interference, view)]),
    ...wardFindings(interference, view),
    ...(interference === 'restricted' && command.action === 'contain' ? nothingKeptFindings(devices, view) : []),
  ];
  const decision = ORDER[Math.max(0, ...findings.map((finding) => ORDER.indexOf(finding.decision)))] ?? 'refuse';
  const isCutting = CUTTING.has(interference);
  return {
    decision,
    interference,
    reasons: findings
      .filter((finding) => finding.decision === decision || finding.decision === 'ask')
      .map(({ reason }) => reason),
    careLoss: isCutting || interference === 'restricted' ? careLoss(devices, interference, view) : [],
    approvers: decision === 'ask' ? [...new Set(findings.flatMap(({ approvers }) => approvers))] : [],
    keys: findings.filter((finding) => finding.decision !== 'run').map(({ key }) => key),
    milder: isMilderThere(command, interference, devices) ? 'micro-quarantine' : null,
  };
}

function isMilderThere(command: OpenC2Command, interference: Interference, devices: readonly Device[]): boolean {
  const isContained = command.action === 'contain' && command.target.device !== undefined;
  return isContained && interference === 'cut-off' && devices.some(({ clinicalClass }) => clinicalClass !== 'none');
}

function deviceFinding(device: Device, interference: Interference, policy: ResponsePolicy): Finding {
  const { clinicalClass, name, id } = device;
  const rule = policy.rules.find(({ does, classes }) => does.includes(interference) && classes.includes(clinicalClass));
  const called = `${name} (${clinicalClass === 'unknown' ? 'clinical class unknown' : clinicalClass.replace('-', ' ')})`;
  if (rule === undefined) return noRule(called, id, interference);
  const { decision, approvers, because } = rule;
  return {
    decision,
    approvers,
    key: `${rule.id}|${id}`,
    reason: `${called} would be ${VERBS[interference]}: ${because}.`,
  };
}

function unknownFinding(name: string, interference: Interference, policy: ResponsePolicy): Finding {
  const rule = policy.rules.find(({ does, classes }) => does.includes(interference) && classes.includes('unknown'));
  const called = `${name}, which the inventory does not know,`;
  if (rule === undefined) return noRule(called, name, interference);
  const { decision, approvers, because } = rule;
  return {
    decision,
    approvers,
    key: `${rule.id}|${name}`,
    reason: `${called} would be ${VERBS[interference]}: ${because}.`,
  };
}

/** What no rule speaks of waits for a person. */
function noRule(called: string, key: string, interference: Interference): Finding {
  const reason = `${called} would be ${VERBS[interference]}: the policy says nothing of that.`;
  return { decision: 'ask', approvers: ['clinical', 'security'], key: `no-rule|${key}`, reason };
}

function otherFinding(command: OpenC2Command, interference: Interference, { policy, touched }: GuardView): Finding {
  const isNeeded = touched.neededBy.length > 0;
  const type = targetTypeOf(command);
  const rule = policy.elsewhere.find(
    (each) => each.does.includes(interference) && each.isNeeded === isNeeded && (each.targets?.includes(type) ?? true),
  );
  const other = touched.other ?? type;
  const text = commandText(command);
  if (rule === undefined) return noRule(text, other, interference);
  const names = touched.neededBy.slice(0, 3).map(({ name }) => name);
  const by = isNeeded ? ` (${names.join(', ')}${touched.neededBy.length > 3 ? ' and others' : ''})` : '';
  const { decision, approvers, because } = rule;
  return { decision, approvers, key: `${rule.id}|${other}`, reason: `${text}: ${because}${by}.` };
}

function wardFindings(interference: Interference, { touched, policy, cut, inCareArea }: GuardView): readonly Finding[] {
  if (!CUTTING.has(interference)) return [];
  const clinical = touched.devices.filter(({ clinicalClass, careArea }) => clinicalClass !== 'none' && careArea !== '');
  return [...Map.groupBy(clinical, ({ careArea }) => careArea)].flatMap(([careArea, hit]) => {
    const all = inCareArea(careArea);
    const gone = new Set([...all.map(({ id }) => id).filter((id) => cut.has(id)), ...hit.map(({ id }) => id)]);
    const most = Math.max(policy.ward.devices, Math.floor(policy.ward.share * all.length));
    if (gone.size <= most) return [];
    const reason = `${gone.size} of ${all.length} devices of ${careArea} would be cut off at the same time; without a clinician ${most} may be.`;
    return [{ decision: 'ask' as const, approvers: policy.ward.approvers, key: `ward|${careArea}`, reason }];
  });
}

/** A device that care depends on and of which nothing stays is cut off, whatever it is called. */
function nothingKeptFindings(devices: readonly Device[], { microOf }: GuardView): readonly Finding[] {
  return devices
    .filter((device) => device.clinicalClass !== 'none' && microOf(device).kept.length === 0)
    .map(({ id, name }) => ({
      decision: 'ask' as const,
      approvers: ['clinical', 'security'],
      key: `nothing-kept|${id}`,
      reason: `No clinical flow of ${name} is known: a micro-quarantine would cut it off entirely. Watch it for a day, or state what has to stay.`,
    }));
}

function careLoss(devices: readonly Device[], interference: Interference, view: GuardView): readonly string[] {
  return devices
    .filter(({ clinicalClass }) => clinicalClass !== 'none')
    .flatMap((device) => [
      ownLoss(device, interference, view),
      ...(CUTTING.has(interference) ? view.careLossOf(device) : []),
    ]);
}

function ownLoss(device: Device, interference: Interference, { microOf }: GuardView): string {
  const { name, clinicalFunction, careArea } = device;
  const where = careArea === '' ? 'care area unknown' : careArea;
  const does = clinicalFunction === '' ? 'what it does for patients is not known' : clinicalFunction.toLowerCase();
  if (interference !== 'restricted') return `${name} (${where}) is not reachable: ${does}.`;
  const { kept, leftOut } = microOf(device);
  return `${name} (${where}) keeps ${kept.length} of ${kept.length + leftOut.length} kinds of connections: ${does}.`;
}
