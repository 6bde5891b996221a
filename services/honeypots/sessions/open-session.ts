import type { SessionStart } from '../process/messages.ts';
import type { Behaviour, Sign, SignReader } from './behaviour.ts';
import { judge, type SourceRecord } from './classify.ts';
import type { Sample, Session } from './session.ts';
import type { SessionEvent, TerminalFrame } from './session-event.ts';

const MAXIMUM_EVENTS = 1001;
const MAXIMUM_LISTED = 50;

/** One visit while it goes on. */
export class OpenSession {
  readonly start: SessionStart;
  readonly #decoyName: string;
  readonly #events: SessionEvent[] = [];
  readonly #signs = new Map<string, Sign>();
  readonly #tools = new Set<string>();
  readonly #tokens = new Set<string>();
  readonly #urls = new Set<string>();
  readonly #samples: Sample[] = [];
  frames: readonly TerminalFrame[] = [];
  bytesIn = 0;
  bytesOut = 0;
  endedAt: number | null = null;

  constructor(start: SessionStart, decoyName: string) {
    this.start = start;
    this.#decoyName = decoyName;
  }

  /** @returns whether it shows something that was not known of the session before */
  take(event: SessionEvent, signs: SignReader): boolean {
    if (this.#events.length >= MAXIMUM_EVENTS) return false;
    this.#events.push(event);
    const before = this.#signs.size;
    for (const sign of signs.read(event)) this.#signs.set(sign.id, sign);
    const { data } = event;
    if (typeof data?.software === 'string' && data.software !== '') addLimited(this.#tools, data.software);
    if (typeof data?.token === 'string') addLimited(this.#tokens, data.token);
    if (typeof data?.url === 'string') addLimited(this.#urls, data.url);
    return this.#signs.size > before;
  }

  addSample(sample: Sample): void {
    if (this.#samples.length < MAXIMUM_LISTED) this.#samples.push(sample);
  }

  get tokens(): ReadonlySet<string> {
    return this.#tokens;
  }

  describe(behaviour: Behaviour, source: SourceRecord): Session {
    const { start } = this;
    const rules = this.#samples.flatMap((sample) => sample.rules);
    const judgement = judge(
      {
        events: this.#events,
        signs: [...this.#signs.values()],
        frames: this.frames,
        tools: [...this.#tools],
        bytesIn: this.bytesIn,
        source,
        sampleRules: [...new Set(rules.map(({ title }) => title))],
        sampleSeverity: rules[0]?.severity,
      },
      behaviour,
    );
    const count = (kind: SessionEvent['kind']) => this.#events.filter((event) => event.kind === kind).length;
    return {
      id: start.id,
      decoy: start.decoy,
      decoyName: this.#decoyName,
      protocol: start.protocol,
      address: start.address,
      port: start.port,
      remoteAddress: start.remoteAddress,
      remotePort: start.remotePort,
      startedAt: start.startedAt,
      endedAt: this.endedAt,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      visitor: judgement.visitor,
      reasons: [...judgement.reasons],
      severity: judgement.severity,
      techniques: [...judgement.techniques],
      tools: [...this.#tools],
      logOns: count('log-on'),
      commands: count('command'),
      tokens: [...this.#tokens],
      urls: [...this.#urls],
      samples: [...this.#samples],
      hasReplay: this.frames.length > 0,
      events: [...this.#events],
    };
  }
}

function addLimited(set: Set<string>, value: string): void {
  if (set.size < MAXIMUM_LISTED) set.add(value.slice(0, 300));
}
