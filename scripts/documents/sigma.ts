import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SigmaLogsource } from '@sphinx/rules';
import { parse } from 'yaml';
import { MODIFIER_NAMES } from '../../packages/rules/src/sigma/language/modifiers.ts';
import { CORRELATION_TYPES } from '../../packages/rules/src/sigma/language/rule.ts';
import { describePattern } from '../../packages/rules/src/sigma/language/text-pattern.ts';
import { type PipelineSource, readPipeline } from '../../packages/rules/src/sigma/pipelines/pipeline.ts';

// docs/sigma-reference.md: what follows from the code and from knowledge/sigma-pipelines.

const FOLDER = fileURLToPath(new URL('../../knowledge/sigma-pipelines/', import.meta.url));

export function renderSigma(): string {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  return [
    '# Sigma: modifiers, correlations, log sources',
    'Made from the code by `npm run documents`. How rules are read and matched is in [sigma.md](sigma.md).',
    '## Modifiers',
    `${MODIFIER_NAMES.map((name) => `\`${name}\``).join(', ')}. Any other rejects its rule.`,
    '## Types of correlation rules',
    `${CORRELATION_TYPES.map((name) => `\`${name}\``).join(', ')}.`,
    '## Log sources',
    'An event is of a log source when its values fit, or when whoever collected it says so. A field of Sigma has its own name in an ' +
      'event, or one of those named here. Own pipelines of the same form are read from folders that are named beside these.',
    ...files.flatMap((name) => renderPipeline(name, readFileSync(FOLDER + name, 'utf8'))),
  ].join('\n\n');
}

function renderPipeline(name: string, content: string): readonly string[] {
  const { title, sources } = readPipeline(parse(content));
  const rows = sources.map((source) => {
    return `| ${source.logsources.map(describe).join('<br>')} | ${condition(source)} | ${fieldsOf(source)} |`;
  });
  return [
    `### ${title}`,
    `\`knowledge/sigma-pipelines/${name}\``,
    ['| log source | events | fields |', '| --- | --- | --- |', ...rows].join('\n'),
  ];
}

function describe({ product, category, service }: SigmaLogsource): string {
  return [product, category, service].filter((part) => part !== undefined).join(' / ');
}

function condition({ from, when }: PipelineSource): string {
  const collected = from.length === 0 ? [] : [`collected as ${from.map(describe).join(' or ')}`];
  const values = when.map(({ field, patterns }) => {
    const texts = patterns.map((pattern) => describePattern(pattern));
    return texts.join() === '*' ? `${field} is there` : `${field}: ${texts.join(', ')}`;
  });
  return [...collected, ...values].join('; ').replaceAll('|', '\\|').replaceAll('*', '\\*');
}

function fieldsOf({ fields }: PipelineSource): string {
  const names = new Map<string, string[]>();
  for (const [event, sigma] of fields) for (const each of sigma) names.set(each, [...(names.get(each) ?? []), event]);
  return [...names].map(([sigma, events]) => `${sigma} = ${events.join(', ')}`).join('; ');
}
