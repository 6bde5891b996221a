import { Anchor, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { SeverityBadge } from '../../components/badges.tsx';
import { ruleText } from './file-words.ts';
import type { FileDetail, RuleMeaning } from './queries.ts';

/** Rules that matched, with why that matters; or why none did. */
export function FileMatches({ file }: { file: FileDetail }) {
  if (file.matches.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {file.verdict === 'clean' ? 'No rule matched.' : unscannedText(file)}
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      {file.matches.map((meaning) => (
        <Meaning key={meaning.rule} meaning={meaning} />
      ))}
    </Stack>
  );
}

function unscannedText({ is_clinical: isClinical, size }: FileDetail): string {
  if (isClinical) return 'It was not scanned: what its protocol calls clinical is hashed and typed only.';
  return size === 0
    ? 'It was not scanned: it has no content.'
    : 'It was not scanned: there was no memory or no time for it while traffic went on.';
}

/** What a rule says of itself. */
export function Meaning({ meaning }: { meaning: RuleMeaning }) {
  const { rule, file, title, severity, rationale, techniques, references } = meaning;
  return (
    <div>
      <Group gap="xs">
        <SeverityBadge severity={severity} />
        <Text size="sm" fw={600}>
          {title}
        </Text>
      </Group>
      {rationale !== '' && <Text size="sm">{rationale}</Text>}
      <Group gap="sm">
        <Anchor component={Link} to={`/files?rule=${encodeURIComponent(rule)}`} size="xs">
          Files that {ruleText(rule)} matched
        </Anchor>
        {file !== '' && (
          <Text size="xs" c="dimmed">
            of {file}
          </Text>
        )}
        {techniques.map((technique) => (
          <Anchor
            key={technique}
            href={`https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`}
            target="_blank"
            rel="noreferrer"
            size="xs"
          >
            ATT&CK {technique}
          </Anchor>
        ))}
        {references.filter(isWebAddress).map((reference) => (
          <Anchor key={reference} href={reference} target="_blank" rel="noreferrer" size="xs">
            {new URL(reference).hostname}
          </Anchor>
        ))}
      </Group>
    </div>
  );
}

/** References come with rules of others: only a web address becomes a link. */
function isWebAddress(reference: string): boolean {
  return /^https?:\/\//.test(reference) && URL.canParse(reference);
}
