import { LineSplitter } from '../bytes/line-splitter.ts';
import { cleanText, latin1 } from '../bytes/text.ts';
import { draft } from '../datagram-room.ts';
import type {
  Detection,
  DetectionSample,
  Direction,
  ParserContext,
  Protocol,
  ProtocolRecord,
  StreamParser,
  StreamState,
} from '../protocol.ts';

const MAXIMUM_LINES = 40;
/** Methods by family of coins: Bitcoin's, Ethereum's, CryptoNote's (whose `login` needs its agent or pass beside it). */
const METHOD =
  /"method"\s*:\s*"(mining\.[a-z_.]{2,30}|eth_(?:submitLogin|login|getWork|submitWork|submitHashrate)|login|submit|getjob|keepalived|job)"/;
const SURE_METHOD = /"method"\s*:\s*"(?:mining\.[a-z]|eth_(?:submitLogin|getWork|submitWork|submitHashrate))/;
const CRYPTONOTE_LOGIN = /"method"\s*:\s*"login".{0,600}"(?:pass|agent|rigid|algo)"/s;

export interface StratumRecord extends ProtocolRecord {
  readonly protocol: 'stratum';
  /** Method: `mining.subscribe`, `login` … */
  readonly activity: string;
  /** Mining program; wallets and workers are left out. */
  readonly agent: string;
}

/** One JSON-RPC object to a line. */
class StratumParser implements StreamParser {
  readonly #context: ParserContext<StratumRecord>;
  readonly #lines = { 'to-server': new LineSplitter(), 'to-client': new LineSplitter() };
  #count = 0;

  constructor(context: ParserContext<StratumRecord>) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    for (const line of this.#lines[direction].push(bytes)) {
      const method = METHOD.exec(line)?.[1];
      if (method === undefined) continue;
      this.#context.emit({ protocol: 'stratum', activity: method, agent: agentOf(line, method) }, direction);
      this.#count += 1;
      if (this.#count >= MAXIMUM_LINES) return 'finished';
    }
    return 'continue';
  }

  gap(direction: Direction): StreamState {
    this.#lines[direction].clear();
    return 'continue';
  }

  end(): void {}
}

function agentOf(line: string, method: string): string {
  const agent =
    method === 'mining.subscribe'
      ? /"params"\s*:\s*\[\s*"([^"]{1,64})"/.exec(line)?.[1]
      : /"agent"\s*:\s*"([^"]{1,64})"/.exec(line)?.[1];
  return cleanText(agent ?? '', 64);
}

function detectStratum({ toServer, toClient }: DetectionSample): Detection {
  for (const bytes of [toServer, toClient]) {
    if (bytes.length === 0) continue;
    if (bytes[0] !== 0x7b) return 'reject';
    const text = latin1(bytes);
    if (SURE_METHOD.test(text) || CRYPTONOTE_LOGIN.test(text)) return 'match';
  }
  return 'undecided';
}

export const stratum: Protocol<StratumRecord> = {
  id: 'stratum',
  title: 'Stratum (mining)',
  standards: ['Stratum mining protocol (slush pool)', 'EthereumStratum 1.0.0', 'xmrig-proxy: Stratum for CryptoNote'],
  transports: ['tcp'],
  usualPorts: [3333],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [0x7b],
  detect: detectStratum,
  createStreamParser: (context) => new StratumParser(context),
  evidence: ({ agent }) => [...draft('mining.pool', 'Stratum', 'server'), ...draft('mining.agent', agent, 'client')],
};
