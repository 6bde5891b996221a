import { z } from 'zod';
import { ActuatorError, type Json } from '../../contract/actuator.ts';
import type { ProgramRun } from '../../means/run-program.ts';
import type { Expression, Hook, RulePlan } from './plan-rules.ts';

/** Runs `nft -j`, with these arguments or this JSON. */
export type RunNft = (
  order: readonly string[] | { readonly nftables: readonly Json[] },
  signal: AbortSignal,
) => Promise<ProgramRun>;

/** Before the hospital's own rules (priority 0), so that a connection they let through is cut nevertheless. */
const FILTER_PRIORITY = -10;
/** Before the hospital's own translation (dstnat, -100). */
const REDIRECT_PRIORITY = -110;

const Rule = z.object({ chain: z.string(), handle: z.int(), comment: z.string().optional(), expr: z.array(z.json()) });
const Chain = z.object({ name: z.string(), hook: z.string().optional() });
const Listing = z.object({
  nftables: z.array(z.object({ chain: Chain.optional(), rule: Rule.optional(), set: z.json().optional() })),
});

/** A rule as the table has it. */
export interface ListedRule {
  readonly chain: string;
  readonly handle: number;
  readonly comment?: string | undefined;
  readonly expr: readonly Expression[];
}

/** What the table holds now. */
export interface TableState {
  readonly exists: boolean;
  readonly chains: readonly string[];
  readonly rules: readonly ListedRule[];
}

/** A chain of a command with all that leads into it: what is needed to bring it back. */
export interface KeptChain {
  readonly chain: string;
  readonly rules: readonly KeptRule[];
  readonly jumps: readonly KeptRule[];
}
interface KeptRule {
  readonly chain: string;
  readonly comment: string;
  readonly expr: readonly Expression[];
}

const NOTHING: TableState = { exists: false, chains: [], rules: [] };
/** Each fact that a transaction rests on is read again when another process was faster. */
const ATTEMPTS = 3;

/** SPHINX's own table of nftables: one chain per command, and base chains that lead into them. */
export class NftTable {
  readonly #name: string;
  readonly #run: RunNft;

  constructor(name: string, run: RunNft) {
    this.#name = name;
    this.#run = run;
  }

  async read(signal: AbortSignal): Promise<TableState> {
    const run = await this.#run(['list', 'table', 'inet', this.#name], signal);
    if (run.status !== 0) {
      if (/\bError: No such file or directory/.test(run.stderr)) return NOTHING;
      throw explain(run);
    }
    const { nftables } = Listing.parse(JSON.parse(run.stdout));
    return {
      exists: true,
      chains: nftables.flatMap(({ chain }) => (chain === undefined ? [] : [chain.name])),
      rules: nftables.flatMap(({ rule }) => (rule === undefined ? [] : [rule as ListedRule])),
    };
  }

  /** Puts the chain of a plan in place, whatever of it was there. */
  add(plan: RulePlan, signal: AbortSignal): Promise<void> {
    return this.#change(signal, (state) => [
      ...this.#withoutChain(state, plan.chain),
      { add: { table: this.#place() } },
      ...plan.hooks.map((hook) => ({ add: { chain: this.#baseChain(hook) } })),
      ...this.#chainCommands(keptOf(plan)),
    ]);
  }

  /** Puts chains back that were read before. Those that are there stay as they are. */
  restore(chains: readonly KeptChain[], signal: AbortSignal): Promise<void> {
    return this.#change(signal, (state) => {
      const missing = chains.filter(({ chain }) => !state.chains.includes(chain));
      const hooks = new Set(missing.flatMap(({ jumps }) => jumps.map(({ chain }) => chain as Hook)));
      return [
        ...(missing.length === 0 ? [] : [{ add: { table: this.#place() } }]),
        ...[...hooks].map((hook) => ({ add: { chain: this.#baseChain(hook) } })),
        ...missing.flatMap((kept) => this.#chainCommands(kept)),
      ];
    });
  }

  /** Takes chains away with all that leads into them, and the table when nothing is left in it. */
  remove(chains: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#change(signal, (state) => {
      if (!state.exists) return [];
      if (isOnly(state, chains)) return [{ delete: { table: this.#place() } }];
      const there = chains.filter(
        (chain) => state.chains.includes(chain) || state.rules.some((rule) => leadsInto(rule, chain)),
      );
      const idle = there.length === 0 ? [] : idleAfter(state, there);
      return [
        ...there.flatMap((chain) => this.#withoutChain(state, chain)),
        ...idle.map((chain) => ({ delete: { chain: { ...this.#table(), name: chain } } })),
      ];
    });
  }

  async #change(signal: AbortSignal, commandsFor: (state: TableState) => readonly Json[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const commands = commandsFor(await this.read(signal));
      if (commands.length === 0) return;
      const run = await this.#run({ nftables: commands }, signal);
      if (run.status === 0) return;
      if (attempt === ATTEMPTS || !/No such file or directory|busy/i.test(run.stderr)) throw explain(run);
    }
  }

  #withoutChain(state: TableState, chain: string): Json[] {
    const jumps = state.rules.filter((rule) => leadsInto(rule, chain));
    const place = { ...this.#table(), name: chain };
    return [
      ...jumps.map((rule) => ({ delete: { rule: { ...this.#table(), chain: rule.chain, handle: rule.handle } } })),
      ...(state.chains.includes(chain) ? [{ flush: { chain: place } }, { delete: { chain: place } }] : []),
    ];
  }

  #chainCommands({ chain, rules, jumps }: KeptChain): Json[] {
    return [
      { add: { chain: { ...this.#table(), name: chain } } },
      ...[...rules, ...jumps].map((rule) => ({ add: { rule: { ...this.#table(), ...rule } } })),
    ];
  }

  #baseChain(hook: Hook): Json {
    const place = { ...this.#table(), name: hook, policy: 'accept' };
    return hook === 'redirect'
      ? { ...place, type: 'nat', hook: 'prerouting', prio: REDIRECT_PRIORITY }
      : { ...place, type: 'filter', hook, prio: FILTER_PRIORITY };
  }

  #place(): { family: string; name: string } {
    return { family: 'inet', name: this.#name };
  }

  #table(): { family: string; table: string } {
    return { family: 'inet', table: this.#name };
  }
}

const BASE_CHAINS: readonly string[] = ['forward', 'input', 'output', 'redirect'] satisfies Hook[];

/** Whether nothing would be left in the table but empty base chains of SPHINX's own. */
function isOnly(state: TableState, going: readonly string[]): boolean {
  const idle = idleAfter(state, going);
  return state.chains.every((chain) => idle.includes(chain) || going.includes(chain));
}

/** Base chains of SPHINX's own that would hold no rule any more. */
function idleAfter({ chains, rules }: TableState, going: readonly string[]): readonly string[] {
  const staying = rules.filter((rule) => !going.some((chain) => leadsInto(rule, chain)));
  return chains.filter((chain) => BASE_CHAINS.includes(chain) && !staying.some((rule) => rule.chain === chain));
}

/** Whether a rule leads into a chain. */
export function leadsInto({ expr }: { expr: readonly Expression[] }, chain: string): boolean {
  return expr.some(({ jump }) => (jump as { target?: string } | undefined)?.target === chain);
}

/** Rules of a plan with the comments by which they are known again. */
export function keptOf({ chain, hooks, selectors, rules }: RulePlan): KeptChain {
  const jump: Expression = { jump: { target: chain } };
  return {
    chain,
    rules: rules.map((expr, index) => ({ chain, comment: `sphinx ${index + 1} of ${rules.length}`, expr })),
    jumps: hooks.flatMap((hook) =>
      selectors.map((selector, index) => ({
        chain: hook,
        comment: `sphinx ${index + 1} of ${selectors.length} into ${chain}`,
        expr: [...selector, jump],
      })),
    ),
  };
}

/** A chain as it is now, in the form in which it can be put back. */
export function keepChain(state: TableState, chain: string): KeptChain {
  const keep = ({ chain, comment = '', expr }: ListedRule): KeptRule => ({ chain, comment, expr });
  return {
    chain,
    rules: state.rules.filter((rule) => rule.chain === chain).map(keep),
    jumps: state.rules.filter((rule) => leadsInto(rule, chain)).map(keep),
  };
}

/** Whether the table has every rule of a plan. A rule that somebody replaced has lost its comment. */
export function isInForce(state: TableState, plan: RulePlan): boolean {
  const { rules, jumps } = keptOf(plan);
  return [...rules, ...jumps].every(({ chain, comment }) =>
    state.rules.some((rule) => rule.chain === chain && rule.comment === comment),
  );
}

/** Packets and bytes that the chain of a command has cut. */
export function countedIn(state: TableState, chain: string): { packets: number; bytes: number } {
  const counters = state.rules
    .filter((rule) => rule.chain === chain)
    .flatMap(({ expr }) => expr.flatMap(({ counter }) => (counter === undefined ? [] : [counter])))
    .map((counter) => counter as { packets?: number; bytes?: number } | null);
  const sum = (pick: 'packets' | 'bytes'): number => counters.reduce((total, one) => total + (one?.[pick] ?? 0), 0);
  return { packets: sum('packets'), bytes: sum('bytes') };
}

function explain({ stderr }: ProgramRun): ActuatorError {
  const said = stderr.trim().split('\n')[0] ?? '';
  if (/not permitted|must be root|permission denied/i.test(stderr))
    return new ActuatorError(
      'This account may not change nftables. It needs CAP_NET_ADMIN, or "usesSudo" with a rule for nft.',
    );
  if (/command not found|not found$/i.test(said))
    return new ActuatorError('nft is not installed there. On Debian: apt-get install nftables');
  return new ActuatorError(`nft refused: ${said}`);
}
