import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadKnowledgeFiles } from '@sphinx/platform';
import { Severity } from '@sphinx/schema';
import { z } from 'zod';

const Named = z.object({ id: z.string(), title: z.string(), level: Severity, techniques: z.array(z.string()) });
const SampleFile = z.object({
  version: z.string(),
  references: z.array(z.object({ title: z.string(), url: z.url() })),
  classes: z.record(z.string(), Severity),
  network: z.array(z.object({ sid: z.int(), title: z.string(), class: z.string(), techniques: z.array(z.string()) })),
  logs: z.array(Named),
  anomalies: z.array(Named),
  decoys: z.array(Named),
});
const SigmaFile = z.object({
  id: z.string(),
  title: z.string(),
  level: Severity.optional(),
  tags: z.array(z.string()).default([]),
});

/** A rule over traffic as its file states it. */
export interface NetworkAnalytic {
  readonly sid: number;
  readonly title: string;
  readonly class: string;
  /** It matches what a server answers. */
  readonly isOfAnswer: boolean;
  readonly severity: Severity;
  readonly techniques: readonly string[];
}

export interface NamedAnalytic {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly techniques: readonly string[];
}

/** Analytics that a hospital with SPHINX really has: its own rules as they stand in `knowledge/`, and public ones. */
export class Catalogue {
  readonly #network = new Map<number, NetworkAnalytic>();
  readonly #logs = new Map<string, NamedAnalytic>();
  readonly #anomalies = new Map<string, NamedAnalytic>();
  readonly #decoys = new Map<string, NamedAnalytic>();

  /** @param knowledgeFolder folder `knowledge` */
  static async load(knowledgeFolder: string): Promise<Catalogue> {
    const catalogue = new Catalogue();
    const [sample] = await loadKnowledgeFiles(join(knowledgeFolder, 'sample-incidents'), SampleFile);
    if (sample === undefined) throw new Error('knowledge/sample-incidents holds no analytics');
    const named = ({ level, ...each }: z.infer<typeof Named>): NamedAnalytic => ({ ...each, severity: level });
    for (const each of sample.network) {
      catalogue.#network.set(each.sid, { ...each, isOfAnswer: false, severity: sample.classes[each.class] ?? 'low' });
    }
    for (const each of sample.logs) catalogue.#logs.set(each.id, named(each));
    for (const each of sample.anomalies) catalogue.#anomalies.set(each.id, named(each));
    for (const each of sample.decoys) catalogue.#decoys.set(each.id, named(each));
    await catalogue.#readOwnRules(join(knowledgeFolder, 'rules'), sample.classes);
    await catalogue.#readOwnSigma(join(knowledgeFolder, 'sigma-rules'));
    return catalogue;
  }

  network(sid: number): NetworkAnalytic {
    return found(this.#network.get(sid), sid);
  }

  /** @param id of the rule, or name of its file without ending for own rules */
  log(id: string): NamedAnalytic {
    return found(this.#logs.get(id), id);
  }

  anomaly(id: string): NamedAnalytic {
    return found(this.#anomalies.get(id), id);
  }

  decoy(id: string): NamedAnalytic {
    return found(this.#decoys.get(id), id);
  }

  async #readOwnRules(folder: string, classes: Readonly<Record<string, Severity>>): Promise<void> {
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.rules'))) {
      for (const line of (await readFile(join(folder, file), 'utf8')).split('\n')) {
        const parts = /msg:"([^"]+)".*classtype:([\w-]+);.*sid:(\d+)/.exec(line);
        if (line.startsWith('#') || parts === null) continue;
        const [, title = '', ruleClass = '', sid = ''] = parts;
        const techniques = [...line.matchAll(/attack (T[\d.]+)/g)].map(([, id = '']) => id);
        const severity = classes[ruleClass] ?? 'low';
        const isOfAnswer = line.includes('flow:to_client');
        this.#network.set(Number(sid), { sid: Number(sid), title, class: ruleClass, isOfAnswer, severity, techniques });
      }
    }
  }

  async #readOwnSigma(folder: string): Promise<void> {
    const { parseAllDocuments } = await import('yaml');
    for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml'))) {
      const documents = parseAllDocuments(await readFile(join(folder, file), 'utf8'));
      // Of a file with a correlation the correlation alerts; it stands last.
      const rules = documents.flatMap((document) => SigmaFile.safeParse(document.toJS()).data ?? []);
      const rule = rules.at(-1);
      if (rule === undefined) continue;
      const techniques = rules
        .flatMap(({ tags }) => tags)
        .flatMap((tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase() ?? []);
      this.#logs.set(file.replace('.yaml', ''), {
        id: rule.id,
        title: rule.title,
        severity: rule.level ?? 'medium',
        techniques: [...new Set(techniques)],
      });
    }
  }
}

function found<T>(analytic: T | undefined, id: string | number): T {
  if (analytic === undefined) throw new Error(`The sample names an analytic that does not exist: ${id}`);
  return analytic;
}
