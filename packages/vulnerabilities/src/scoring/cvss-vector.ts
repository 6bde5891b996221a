/* Vectors of CVSS 2.0, 3.0, 3.1 and 4.0 (first.org/cvss): which metrics there are, and which values each may have. */

export type CvssVersion = '2.0' | '3.0' | '3.1' | '4.0';

/** A vector that follows its specification; a metric that is not there is not defined. */
export interface CvssVector {
  readonly version: CvssVersion;
  readonly metrics: ReadonlyMap<string, string>;
}

const LONGEST = 512;

const METRICS_2 = define(
  'AV:L,A,N AC:H,M,L Au:M,S,N C:N,P,C I:N,P,C A:N,P,C',
  'E:ND,U,POC,F,H RL:ND,OF,TF,W,U RC:ND,UC,UR,C CDP:ND,N,L,LM,MH,H TD:ND,N,L,M,H CR:ND,L,M,H IR:ND,L,M,H AR:ND,L,M,H',
);

const METRICS_3 = define(
  'AV:N,A,L,P AC:L,H PR:N,L,H UI:N,R S:U,C C:H,L,N I:H,L,N A:H,L,N',
  'E:X,H,F,P,U RL:X,U,W,T,O RC:X,C,R,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MPR:X,N,L,H MUI:X,N,R MS:X,U,C MC:X,H,L,N MI:X,H,L,N MA:X,H,L,N',
);

const METRICS_4 = define(
  'AV:N,A,L,P AC:L,H AT:N,P PR:N,L,H UI:N,P,A VC:H,L,N VI:H,L,N VA:H,L,N SC:H,L,N SI:H,L,N SA:H,L,N',
  'E:X,A,P,U CR:X,H,M,L IR:X,H,M,L AR:X,H,M,L MAV:X,N,A,L,P MAC:X,L,H MAT:X,N,P MPR:X,N,L,H MUI:X,N,P,A MVC:X,H,L,N MVI:X,H,L,N MVA:X,H,L,N MSC:X,H,L,N MSI:X,S,H,L,N MSA:X,S,H,L,N S:X,N,P AU:X,N,Y R:X,A,U,I V:X,D,C RE:X,L,M,H U:X,Clear,Green,Amber,Red',
);

const METRICS: Readonly<Record<CvssVersion, MetricTable>> = {
  '2.0': METRICS_2,
  '3.0': METRICS_3,
  '3.1': METRICS_3,
  '4.0': METRICS_4,
};

interface MetricTable {
  readonly mandatory: readonly string[];
  readonly values: ReadonlyMap<string, ReadonlySet<string>>;
}

function define(mandatory: string, optional: string): MetricTable {
  const entries = `${mandatory} ${optional}`.split(' ').map((metric) => metric.split(':'));
  return {
    mandatory: mandatory.split(' ').map((metric) => metric.split(':')[0] ?? ''),
    values: new Map(entries.map(([name = '', values = '']) => [name, new Set(values.split(','))])),
  };
}

/**
 * Reads a vector. One of version 2 has no prefix; brackets around it are taken, and any order of the metrics.
 *
 * @returns undefined where a metric is missing, unknown, given twice or has no such value
 */
export function parseCvssVector(text: string): CvssVector | undefined {
  if (text.length > LONGEST) return undefined;
  const bare = text.trim().replace(/^\((.*)\)$/, '$1');
  const [prefix, numbered] = /^CVSS:(2\.0|3\.0|3\.1|4\.0)\//.exec(bare) ?? [''];
  const version = (numbered ?? '2.0') as CvssVersion;
  const { mandatory, values } = METRICS[version];
  const metrics = new Map<string, string>();
  for (const part of bare.slice(prefix.length).replace(/\/$/, '').split('/')) {
    const [name = '', value = '', ...more] = part.split(':');
    if (more.length > 0 || metrics.has(name) || values.get(name)?.has(value) !== true) return undefined;
    metrics.set(name, value);
  }
  return mandatory.every((name) => metrics.has(name)) ? { version, metrics } : undefined;
}

/** @returns the vector as its specification writes it: all metrics that are defined, in the order of the specification */
export function formatCvssVector({ version, metrics }: CvssVector): string {
  const names = [...METRICS[version].values.keys()];
  const isDefined = (name: string) => !['X', 'ND', undefined].includes(metrics.get(name));
  const parts = names.filter(isDefined).map((name) => `${name}:${metrics.get(name)}`);
  return [...(version === '2.0' ? [] : [`CVSS:${version}`]), ...parts].join('/');
}

/** @returns the vector with some metrics set; those that its version does not know are left out */
export function withMetrics(vector: CvssVector, metrics: Readonly<Record<string, string>>): CvssVector {
  const { values } = METRICS[vector.version];
  const known = Object.entries(metrics).filter(([name, value]) => values.get(name)?.has(value) === true);
  return { version: vector.version, metrics: new Map([...vector.metrics, ...known]) };
}

/** @returns the vector with its mandatory metrics, and of the others those that are named */
export function onlyMetrics(vector: CvssVector, names: readonly string[]): CvssVector {
  const kept = [...METRICS[vector.version].mandatory, ...names];
  return { version: vector.version, metrics: new Map([...vector.metrics].filter(([name]) => kept.includes(name))) };
}
