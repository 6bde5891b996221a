import type { CareAsset, Talk } from './care-asset.ts';
import type { DependencyRule } from './care-knowledge.ts';

/** Finds out whether a conversation makes one of its ends need the other. */
export class DependencyRules {
  readonly #byProtocol = new Map<string, readonly DependencyRule[]>();
  readonly #forAny: readonly DependencyRule[];

  /** @param rules the first that fits decides */
  constructor(rules: readonly DependencyRule[]) {
    const named = new Set(rules.flatMap(({ protocols }) => protocols ?? []));
    for (const protocol of named) {
      this.#byProtocol.set(
        protocol,
        rules.filter(({ protocols }) => protocols === undefined || protocols.includes(protocol)),
      );
    }
    this.#forAny = rules.filter(({ protocols }) => protocols === undefined);
  }

  /**
   * @param asset who may need the other
   * @param peer who may be needed
   * @returns the rule that says that the asset needs its peer; undefined where none does
   */
  needOf(asset: CareAsset, peer: CareAsset, talk: Talk): DependencyRule | undefined {
    const rules = this.#byProtocol.get(talk.protocol) ?? this.#forAny;
    for (const rule of rules) {
      if (rule.ports?.includes(talk.port) === false) continue;
      const forward = fits(rule, asset, peer, talk.role);
      const backward = fits(rule, peer, asset, talk.role === 'client' ? 'server' : 'client');
      if (rule.dependent === 'none' && (forward || backward)) return undefined;
      if (forward) return rule;
      // The same conversation makes the other one need this one, and nothing else.
      if (backward) return undefined;
    }
    return undefined;
  }
}

function fits(rule: DependencyRule, user: CareAsset, provider: CareAsset, role: Talk['role']): boolean {
  const { dependent } = rule;
  if ((dependent === 'client' || dependent === 'server') && dependent !== role) return false;
  return (
    (rule.user === undefined || rule.user.kinds.includes(user.kind)) &&
    (rule.provider === undefined || rule.provider.kinds.includes(provider.kind))
  );
}
