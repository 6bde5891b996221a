import { parseFileStore } from './file-store.ts';
import { isOutOfScope, unmetRequirement } from './requirements.ts';
import type { Keyword, KeywordTable } from './rule-builder.ts';
import { needValue, parseNumber, RuleError, unquote } from './rule-error.ts';
import { ownText } from './rule-text.ts';

function note(summary: string): Keyword {
  return { summary, apply: () => {} };
}

/** Undoes the backslashes before characters that mean something in a rule. */
function withoutEscapes(text: string): string {
  return text.replace(/\\([\\;":])/g, '$1');
}

type Metadata = readonly [string, string];

/** Published sets say the same few thousand words 150,000 times. */
const KNOWN_METADATA = new Map<string, Metadata>();
const MAXIMUM_KNOWN = 10_000;

/** @param part a word and what it says. @returns the same object for the same text */
function metadataOf(part: string): Metadata {
  const text = part.trim();
  const known = KNOWN_METADATA.get(text);
  if (known !== undefined) return known;
  const [key = '', ...rest] = text.split(/\s+/);
  const metadata: Metadata = [ownText(key), ownText(rest.join(' '))];
  if (KNOWN_METADATA.size < MAXIMUM_KNOWN) KNOWN_METADATA.set(ownText(text), metadata);
  return metadata;
}

/** Keywords that say what a rule is. */
export const META_KEYWORDS: KeywordTable = {
  msg: {
    summary: 'what the alert says',
    apply: (builder, value, name) => {
      builder.message = withoutEscapes(unquote(needValue(name, value)).text);
    },
  },
  sid: {
    summary: 'number of the rule',
    apply: (builder, value, name) => {
      builder.sid = parseNumber(needValue(name, value), 'sid', 1, 0xffff_ffff);
    },
  },
  gid: {
    summary: 'number of the group that sid counts in',
    apply: (builder, value, name) => {
      builder.gid = parseNumber(needValue(name, value), 'gid', 0, 0xffff_ffff);
    },
  },
  rev: {
    summary: 'revision',
    apply: (builder, value, name) => {
      builder.rev = parseNumber(needValue(name, value), 'rev', 0, 0xffff_ffff);
    },
  },
  classtype: {
    summary: 'class of classification.config, which gives the priority',
    apply: (builder, value, name) => {
      builder.classtype = unquote(needValue(name, value)).text;
    },
  },
  priority: {
    summary: 'severity, 1 is the most severe',
    apply: (builder, value, name) => {
      builder.priority = parseNumber(needValue(name, value), 'priority', 1, 255);
    },
  },
  reference: {
    summary: 'where to read more',
    apply: (builder, value, name) => {
      builder.references.push(needValue(name, value).trim());
    },
  },
  metadata: {
    summary: 'words about the rule, given on with the alert',
    apply: (builder, value, name) => {
      for (const part of needValue(name, value).split(',')) builder.metadata.push(metadataOf(part));
    },
  },
  target: {
    summary: 'which end is the victim',
    apply: (builder, value, name) => {
      const end = needValue(name, value);
      if (end !== 'src_ip' && end !== 'dest_ip') throw new RuleError(`target: '${end}' is unknown`);
      builder.target = end;
    },
  },
  requires: {
    summary: 'versions and features that the rule needs',
    apply: (builder, value, name) => {
      const reason = unmetRequirement(needValue(name, value), builder.isKeyword);
      if (reason !== undefined) throw new RuleError(reason);
    },
  },
  prefilter: note('the engine chooses itself what it looks for first'),
  filestore: {
    summary: 'asks to keep files, as far as policy does; clinical content never',
    apply: (builder, value) => {
      builder.fileStore = parseFileStore(value);
    },
  },
  bypass: note('matches; the flow is looked at further'),
  tag: note('matches; packets that follow are not recorded'),
  ...Object.fromEntries(
    isOutOfScope.map(([keyword, reason]) => [
      keyword,
      {
        summary: `rejected: ${reason}`,
        apply: () => {
          throw new RuleError(`${keyword}: ${reason}`);
        },
      },
    ]),
  ),
};
