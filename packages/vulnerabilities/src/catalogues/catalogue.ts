/** A kind of weakness of MITRE's Common Weakness Enumeration. */
export interface WeaknessKind {
  /** `CWE-79` */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** `Pillar`, `Class`, `Base`, `Variant`, `Compound`; `Category` for what only groups others. */
  readonly abstraction: string;
  /** No longer to be used. */
  readonly isDeprecated: boolean;
  /** Kinds that it is a special case of. */
  readonly parents: readonly string[];
  /** `CAPEC-63`: attacks that use it. */
  readonly attackPatterns: readonly string[];
}

/** A way of attacking of MITRE's Common Attack Pattern Enumeration and Classification. */
export interface AttackPattern {
  /** `CAPEC-63` */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** `Low` to `High`; empty where not told. */
  readonly likelihood: string;
  /** `Very Low` to `Very High`; empty where not told. */
  readonly severity: string;
  readonly isDeprecated: boolean;
  readonly parents: readonly string[];
  /** `CWE-79`: what it uses. */
  readonly weaknesses: readonly string[];
  /** `T1190`: what ATT&CK calls it. */
  readonly techniques: readonly string[];
}

/** What attackers do, of MITRE ATT&CK. */
export interface AttackTechnique {
  /** `T1190`, `T1574.010`, of control systems `T0819` */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** `enterprise-attack`, `ics-attack`, `mobile-attack` */
  readonly domains: readonly string[];
  /** `initial-access` */
  readonly tactics: readonly string[];
  /** Technique that it is a special case of; empty for none. */
  readonly parent: string;
  readonly url: string;
  /** Revoked or deprecated. */
  readonly isWithdrawn: boolean;
  readonly attackPatterns: readonly string[];
  /** Names of what helps. */
  readonly mitigations: readonly string[];
}

/** What a catalogue holds, and which edition of it. */
export interface Catalogue<Entry> {
  /** As its publisher counts: `4.17`; empty where the file does not tell. */
  readonly version: string;
  readonly entries: readonly Entry[];
}
