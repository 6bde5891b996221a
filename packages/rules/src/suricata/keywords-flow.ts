import type { Direction } from './inspector.ts';
import { type IntegerTest, parseIntegerTest } from './integer-test.ts';
import type { MatchContext } from './rule.ts';
import type { KeywordTable, RuleBuilder } from './rule-builder.ts';
import { needValue, parseNumber, RuleError } from './rule-error.ts';
import { parseThreshold } from './thresholds.ts';

const MICROS_PER_SECOND = 1_000_000;

function applyFlow(builder: RuleBuilder, value: string | undefined, name: string): void {
  const { flow } = builder;
  for (const part of needValue(name, value)
    .split(',')
    .map((word) => word.trim().toLowerCase())) {
    switch (part) {
      case 'to_server':
      case 'from_client':
        setDirection(builder, 'to-server');
        break;
      case 'to_client':
      case 'from_server':
        setDirection(builder, 'to-client');
        break;
      case 'established':
      case 'not_established':
      case 'stateless':
        if (flow.state !== undefined) throw new RuleError('flow: two states contradict each other');
        flow.state = part;
        break;
      case 'only_stream':
        flow.only = 'stream';
        break;
      case 'no_stream':
        flow.only = 'packet';
        break;
      case 'no_frag':
        flow.fragment = 'no';
        break;
      case 'only_frag':
        flow.fragment = 'only';
        break;
      default:
        throw new RuleError(`flow: '${part}' is unknown`);
    }
  }
  builder.needsMoreThanAddresses = true;
}

function setDirection(builder: RuleBuilder, direction: Direction): void {
  const { flow } = builder;
  if (flow.direction !== undefined && flow.direction !== direction) {
    throw new RuleError('flow: two directions contradict each other');
  }
  flow.direction = direction;
}

function applyFlowBits(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [operation = '', names = ''] = splitOnce(needValue(name, value));
  if (operation === 'noalert') {
    builder.isSilent = true;
    return;
  }
  const bits = names.split('|').map((bit) => bit.trim());
  if (bits.some((bit) => !/^[^\s,]+$/.test(bit))) throw new RuleError(`flowbits: '${names}' is no name`);
  if (bits.length > 1 && operation !== 'isset' && operation !== 'isnotset') {
    throw new RuleError('flowbits: only isset and isnotset take alternatives');
  }
  const [bit = ''] = bits;
  const bitsOf = ({ flow, variables }: MatchContext) => (flow === undefined ? undefined : variables.flowBits(flow));
  switch (operation) {
    case 'isset':
      builder.stateChecks.push((context) => bits.some((each) => bitsOf(context)?.has(each) === true));
      return;
    case 'isnotset':
      builder.stateChecks.push((context) => {
        const set = bitsOf(context);
        return set !== undefined && bits.some((each) => !set.has(each));
      });
      return;
    case 'set':
      builder.stateChanges.push((context) => bitsOf(context)?.add(bit) !== undefined);
      return;
    case 'unset':
      builder.stateChanges.push((context) => bitsOf(context)?.delete(bit) !== undefined);
      return;
    case 'toggle':
      builder.stateChanges.push((context) => {
        const set = bitsOf(context);
        if (set?.delete(bit) === false) set.add(bit);
        return true;
      });
      return;
    default:
      throw new RuleError(`flowbits: '${operation}' is unknown`);
  }
}

function splitOnce(value: string): [string, string] {
  const comma = value.indexOf(',');
  return comma < 0 ? [value.trim(), ''] : [value.slice(0, comma).trim(), value.slice(comma + 1).trim()];
}

/** `flowint: name, modifier[, value]` (Suricata user guide, "Flowint"). */
function applyFlowInteger(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [variable = '', operator = '', operand = ''] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const numbersOf = ({ flow, variables }: MatchContext) =>
    flow === undefined ? undefined : variables.flowNumbers(flow);
  const read = (context: MatchContext) => (/^\d+$/.test(operand) ? Number(operand) : numbersOf(context)?.get(operand));
  if (variable === '') throw new RuleError('flowint has no name');
  if (operator === 'isset' || operator === 'isnotset' || operator === 'notset') {
    builder.stateChecks.push((context) => (numbersOf(context)?.has(variable) === true) === (operator === 'isset'));
    return;
  }
  if (operand === '') throw new RuleError(`flowint: ${operator} has no value`);
  const change = FLOW_INTEGER_CHANGES[operator];
  if (change !== undefined) {
    builder.stateChanges.push((context) => {
      const numbers = numbersOf(context);
      const by = read(context);
      if (numbers !== undefined && by !== undefined) numbers.set(variable, change(numbers.get(variable) ?? 0, by));
      return true;
    });
    return;
  }
  const comparison = FLOW_INTEGER_COMPARISONS[operator];
  if (comparison === undefined) throw new RuleError(`flowint: '${operator}' is unknown`);
  builder.stateChecks.push((context) => {
    const left = numbersOf(context)?.get(variable);
    const right = read(context);
    return left !== undefined && right !== undefined && comparison(left, right);
  });
}

const FLOW_INTEGER_CHANGES: Readonly<Record<string, (value: number, by: number) => number>> = {
  '+': (value, by) => value + by,
  '-': (value, by) => Math.max(0, value - by),
  '=': (_, by) => by,
};

const FLOW_INTEGER_COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

/** `xbits:set,name,track ip_pair,expire 10` and `hostbits:set,name,by_src`. */
function applyTimedBits(builder: RuleBuilder, value: string | undefined, name: string): void {
  const parts = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  const [operation = '', bit = '', ...rest] = parts;
  if (operation === 'noalert') {
    builder.isSilent = true;
    return;
  }
  builder.joinsFlows = true;
  const words = rest.map((part) => part.replace(/^track\s+/, '').toLowerCase());
  const expire = words.map((word) => /^expire\s+(\d+)$/.exec(word)?.[1]).find((each) => each !== undefined);
  const track = words.find((word) => /^(ip_src|ip_dst|ip_pair|by_src|by_dst|src|dst|both|tx)$/.test(word)) ?? 'by_src';
  for (const word of words) {
    if (word !== track && !/^expire\s+\d+$/.test(word)) throw new RuleError(`${name}: '${word}' is unknown`);
  }
  if (track === 'tx') throw new RuleError(`${name}: bits of transactions are not kept`);
  const lifetime = parseNumber(expire ?? '300', `${name}: expire`, 1) * MICROS_PER_SECOND;
  const keyOf = (context: MatchContext) => `${bit}|${trackedHost(track, context)}`;
  const apply = TIMED_BIT_OPERATIONS[operation];
  if (apply === undefined || bit === '') throw new RuleError(`${name}: '${operation}' is unknown`);
  apply(builder, keyOf, lifetime);
}

function trackedHost(track: string, { sourceIp, destinationIp }: MatchContext): string {
  if (track === 'ip_pair' || track === 'both') {
    return sourceIp < destinationIp ? `${sourceIp}|${destinationIp}` : `${destinationIp}|${sourceIp}`;
  }
  return track.endsWith('dst') ? destinationIp : sourceIp;
}

type KeyOf = (context: MatchContext) => string;

const TIMED_BIT_OPERATIONS: Readonly<Record<string, (builder: RuleBuilder, keyOf: KeyOf, lifetime: number) => void>> = {
  isset: ({ stateChecks }, keyOf) => {
    stateChecks.push((context) => context.variables.hasTimedBit(keyOf(context), context.timeMicros));
  },
  isnotset: ({ stateChecks }, keyOf) => {
    stateChecks.push((context) => !context.variables.hasTimedBit(keyOf(context), context.timeMicros));
  },
  set: ({ stateChanges }, keyOf, lifetime) => {
    stateChanges.push((context) => {
      context.variables.setTimedBit(keyOf(context), context.timeMicros + lifetime);
      return true;
    });
  },
  unset: ({ stateChanges }, keyOf) => {
    stateChanges.push((context) => {
      context.variables.clearTimedBit(keyOf(context));
      return true;
    });
  },
  toggle: ({ stateChanges }, keyOf, lifetime) => {
    stateChanges.push((context) => {
      const key = keyOf(context);
      if (context.variables.hasTimedBit(key, context.timeMicros)) context.variables.clearTimedBit(key);
      else context.variables.setTimedBit(key, context.timeMicros + lifetime);
      return true;
    });
  },
};

/** `stream_size:client,>,100`: bytes of the stream that were handed on in that direction. */
function applyStreamSize(builder: RuleBuilder, value: string | undefined, name: string): void {
  const [side = '', operator = '', size = ''] = needValue(name, value)
    .split(',')
    .map((part) => part.trim());
  if (!['client', 'server', 'both', 'either'].includes(side)) throw new RuleError(`stream_size: '${side}' is unknown`);
  const test = parseIntegerTest(`${operator === '=' ? '' : operator}${size}`);
  builder.needsPacket = true;
  builder.checks.push(({ flow, variables }) => {
    if (flow?.transport !== 'tcp') return false;
    const client = variables.streamBytes(flow, 'to-server');
    const server = variables.streamBytes(flow, 'to-client');
    if (side === 'both') return test(client) && test(server);
    if (side === 'either') return test(client) || test(server);
    return test(side === 'client' ? client : server);
  });
}

type FlowNumber = (context: MatchContext) => number | undefined;

function flowNumber(summary: string, read: FlowNumber) {
  return {
    summary,
    apply: (builder: RuleBuilder, value: string | undefined, name: string) => {
      addFlowTest(builder, read, parseIntegerTest(needValue(name, value)));
    },
  };
}

function addFlowTest(builder: RuleBuilder, read: FlowNumber, test: IntegerTest): void {
  builder.needsPacket = true;
  builder.checks.push((context) => {
    const value = read(context);
    return value !== undefined && test(value);
  });
}

/** `flow.pkts:either,>5` and `flow.bytes:toserver,<100`. */
function sidedFlowNumber(summary: string, read: (context: MatchContext, direction: Direction) => number | undefined) {
  return {
    summary,
    apply: (builder: RuleBuilder, value: string | undefined, name: string) => {
      const [side, operand] = splitOnce(needValue(name, value));
      const test = parseIntegerTest(operand);
      const readBoth = (context: MatchContext) =>
        [read(context, 'to-server'), read(context, 'to-client')].map((each) => each ?? 0);
      if (!['toserver', 'toclient', 'both', 'either'].includes(side))
        throw new RuleError(`${name}: '${side}' is unknown`);
      builder.needsPacket = true;
      builder.checks.push((context) => {
        if (context.flow === undefined) return false;
        const [toServer = 0, toClient = 0] = readBoth(context);
        if (side === 'both') return test(toServer) && test(toClient);
        if (side === 'either') return test(toServer) || test(toClient);
        return test(side === 'toserver' ? toServer : toClient);
      });
    },
  };
}

const packetsOf = ({ flow }: MatchContext, direction: Direction) =>
  direction === 'to-server' ? flow?.packetsToServer : flow?.packetsToClient;
const bytesOf = ({ flow }: MatchContext, direction: Direction) =>
  direction === 'to-server' ? flow?.bytesToServer : flow?.bytesToClient;

/** Keywords on flows, and on what rules leave for each other. */
export const FLOW_KEYWORDS: KeywordTable = {
  flow: { summary: 'direction and state of the flow', apply: applyFlow },
  flowbits: { summary: 'bits that rules leave on a flow', apply: applyFlowBits },
  flowint: { summary: 'numbers that rules leave on a flow', apply: applyFlowInteger },
  xbits: { summary: 'bits that rules leave on a host or pair of hosts', apply: applyTimedBits },
  hostbits: { summary: 'bits that rules leave on a host', apply: applyTimedBits },
  stream_size: { summary: 'bytes of the stream so far', apply: applyStreamSize },
  'flow.age': flowNumber('seconds since the first packet of the flow', ({ flow, variables, timeMicros }) =>
    flow === undefined ? undefined : Math.floor((timeMicros - variables.firstMicros(flow)) / MICROS_PER_SECOND),
  ),
  'flow.pkts': sidedFlowNumber('packets of the flow', packetsOf),
  'flow.bytes': sidedFlowNumber('bytes of the flow', bytesOf),
  'flow.pkts_toserver': flowNumber('packets to the server', (context) => packetsOf(context, 'to-server')),
  'flow.pkts_toclient': flowNumber('packets to the client', (context) => packetsOf(context, 'to-client')),
  'flow.bytes_toserver': flowNumber('bytes to the server', (context) => bytesOf(context, 'to-server')),
  'flow.bytes_toclient': flowNumber('bytes to the client', (context) => bytesOf(context, 'to-client')),
  noalert: {
    summary: 'matches without an alert',
    apply: (builder) => {
      builder.isSilent = true;
    },
  },
  alert: {
    summary: 'alerts; the opposite of noalert',
    apply: (builder, value) => {
      if (value !== undefined) throw new RuleError('alert takes no value');
      builder.isSilent = false;
    },
  },
  threshold: {
    summary: 'how often the rule may alert',
    apply: (builder, value, name) => {
      builder.thresholds.push(parseThreshold(needValue(name, value), false));
    },
  },
  detection_filter: {
    summary: 'matches before the first alert',
    apply: (builder, value, name) => {
      builder.thresholds.push(parseThreshold(needValue(name, value), true));
    },
  },
};
