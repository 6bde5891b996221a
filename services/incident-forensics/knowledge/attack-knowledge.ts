import { loadKnowledgeFiles, SphinxError } from '@sphinx/platform';
import { z } from 'zod';

const AttackFile = z.object({
  version: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })).min(1),
  tactics: z.array(
    z.object({ id: z.string(), code: z.string().regex(/^TA\d{4}$/), title: z.string(), phase: z.string() }),
  ),
  classes: z.record(z.string(), z.string()),
  techniques: z.array(
    z.object({
      id: z.string().regex(/^T\d{4}(\.\d{3})?$/),
      title: z.string(),
      tactics: z.array(z.string()).min(1),
    }),
  ),
});

export interface Tactic {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  /** Attacks go through phases; several tactics are of one. */
  readonly phase: string;
  /** Place in the order in which attacks usually go on. */
  readonly rank: number;
}

/** Which stage of an attack a technique, or a class of rules, is of. */
export class AttackKnowledge {
  readonly tactics: ReadonlyMap<string, Tactic>;
  readonly #techniques: ReadonlyMap<string, { readonly title: string; readonly tactics: readonly string[] }>;
  readonly #classes: Readonly<Record<string, string>>;

  constructor(file: z.infer<typeof AttackFile>) {
    this.tactics = new Map(file.tactics.map((tactic, rank) => [tactic.id, { ...tactic, rank }]));
    this.#techniques = new Map(file.techniques.map((technique) => [technique.id, technique]));
    this.#classes = file.classes;
    const named = [...file.techniques.flatMap(({ tactics }) => tactics), ...Object.values(file.classes)];
    const unknown = named.find((tactic) => !this.tactics.has(tactic));
    if (unknown !== undefined) {
      throw new SphinxError('SPX_INVALID_INPUT', `knowledge/attack-techniques: there is no tactic "${unknown}".`);
    }
  }

  /** @throws SphinxError SPX_INVALID_INPUT that names what does not fit */
  static async load(folder: string): Promise<AttackKnowledge> {
    const [file, ...more] = await loadKnowledgeFiles(folder, AttackFile);
    if (file === undefined || more.length > 0) {
      throw new SphinxError('SPX_INVALID_INPUT', `${folder} holds ${more.length} files; one belongs there.`);
    }
    return new AttackKnowledge(file);
  }

  /**
   * @param techniques ids as rules name them, for example `T1021.001` or `attack.t1021.001`
   * @param ruleClass class of a rule, for where no technique is named
   * @returns tactics that the techniques are mostly signs of, without repetition
   */
  stagesOf(techniques: readonly string[], ruleClass = ''): readonly string[] {
    const stages = techniques.flatMap((id) => this.#find(id)?.tactics[0] ?? []);
    if (stages.length > 0) return [...new Set(stages)];
    const stage = this.#classes[ruleClass];
    return stage === undefined ? [] : [stage];
  }

  titleOf(technique: string): string {
    return this.#find(technique)?.title ?? technique;
  }

  phaseOf(tactic: string): string | undefined {
    return this.tactics.get(tactic)?.phase;
  }

  #find(id: string) {
    const plain = id.toUpperCase().replace(/^ATTACK\./, '');
    return this.#techniques.get(plain) ?? this.#techniques.get(plain.split('.')[0] ?? '');
  }
}
