import { matching, object, oneOf, type Schema } from './building-blocks.ts';
import { CVSS_VERSIONS, type CvssSchemaVersion } from './cvss-metrics.ts';

const SCORE: Schema = { type: 'number', minimum: 0, maximum: 10 };
const SEVERITY = oneOf('NONE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL');
const SCORES = ['base', 'temporal', 'environmental'] as const;

/**
 * The JSON representation of one version of CVSS, as CSAF 2.0 §3.2.3.13 refers to it.
 *
 * @returns a schema that holds for what FIRST's cvss-v2.0.json, cvss-v3.0.json or cvss-v3.1.json holds for
 */
export function cvssSchema(version: CvssSchemaVersion['version']): Schema {
  const described = CVSS_VERSIONS.find((candidate) => candidate.version === version);
  if (described === undefined) throw new Error(`There is no schema of CVSS ${version}`);
  const { metrics, hasSeverities } = described;
  const metric = `(${metrics.map(({ short, values }) => `${short}:(${Object.keys(values).join('|')})`).join('|')})`;
  const scores = SCORES.flatMap((kind): [string, Schema][] => [
    [`${kind}Score`, SCORE],
    ...(hasSeverities ? [[`${kind}Severity`, SEVERITY] satisfies [string, Schema]] : []),
  ]);
  const properties = {
    version: oneOf(version),
    vectorString: matching(`^${described.prefix}(${metric}/)*${metric}$`),
    ...Object.fromEntries(metrics.map(({ member, values }) => [member, oneOf(...Object.values(values))])),
    ...Object.fromEntries(scores),
  };
  return object(properties, ['version', 'vectorString', 'baseScore', ...(hasSeverities ? ['baseSeverity'] : [])]);
}
