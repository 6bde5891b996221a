import { Accordion, Anchor, List, Stack, Text } from '@mantine/core';
import { SectionTitle } from '../../components/section-title.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import type { Advisory } from './queries.ts';

const STATUS_WORDS: Readonly<Record<string, string>> = {
  affected: 'affected',
  'not-affected': 'not affected',
  fixed: 'fixed',
  unknown: 'unknown',
};

/** What each source says, those of makers first. */
export function AdvisoriesSection({ advisories }: { advisories: readonly Advisory[] }) {
  if (advisories.length === 0) return null;
  return (
    <Section title="What do the sources say?">
      <Accordion variant="separated" defaultValue="source-0" order={3}>
        {advisories.map((advisory, place) => (
          <Accordion.Item key={keyOf(advisory)} value={`source-${place}`}>
            <Accordion.Control>
              {advisory.publisher}: {advisory.document || advisory.id}
              <Text size="xs" c="dimmed">
                {advisory.claim === null
                  ? advisory.feedTitle
                  : `Claim of ${advisory.claim.maker}, accepted by ${advisory.claim.acceptedBy} on ${formatTime(advisory.claim.acceptedAt)}`}
                {advisory.modifiedAt !== null && `, changed ${formatTime(advisory.modifiedAt)}`}
                {advisory.isWithdrawn && ', withdrawn'}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <OneAdvisory advisory={advisory} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  );
}

function keyOf({ feed, document, id }: Advisory): string {
  return `${feed} ${document} ${id}`;
}

function OneAdvisory({ advisory }: { advisory: Advisory }) {
  const { description, remedies, affected, severities, weaknesses, references, licence } = advisory;
  return (
    <Stack gap="sm">
      {description !== '' && <Text size="sm">{description}</Text>}
      {remedies.length > 0 && (
        <>
          <SectionTitle>What helps</SectionTitle>
          <List size="sm" spacing={4}>
            {remedies.map(({ kind, text, url }) => (
              <List.Item key={`${kind} ${text} ${url}`} style={{ overflowWrap: 'anywhere' }}>
                {kind.replaceAll(/[_-]/g, ' ')}: {text} {url}
              </List.Item>
            ))}
          </List>
        </>
      )}
      <SectionTitle>Which versions</SectionTitle>
      <List size="sm" spacing={4}>
        {affected.map(({ vendor, name, versions, otherVersions, note }) => (
          <List.Item key={`${vendor} ${name} ${JSON.stringify(versions)}`}>
            {[vendor, name].filter(Boolean).join(' ')}: {versionsText(versions, otherVersions)}
            {note !== '' && `. ${note}`}
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {[
          ...severities.map(({ vector, score }) => `${score ?? ''} ${vector}`.trim()),
          ...weaknesses,
          licence === '' ? '' : `licence: ${licence}`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      {references.length > 0 && <References references={references} />}
    </Stack>
  );
}

/** @returns what holds for which versions, in words */
function versionsText(
  versions: Advisory['affected'][number]['versions'],
  otherVersions: Advisory['affected'][number]['otherVersions'],
): string {
  const word = (status: string) => STATUS_WORDS[status] ?? status.replaceAll('-', ' ');
  const others =
    otherVersions === '' ? '' : `${versions.length === 0 ? 'every version' : 'all others'} ${word(otherVersions)}`;
  return [...versions.map(({ status, range }) => `${word(status)} ${range}`), others].filter(Boolean).join('; ');
}

function References({ references }: Pick<Advisory, 'references'>) {
  return (
    <>
      <SectionTitle>Where to read more</SectionTitle>
      <List size="xs">
        {references.map(({ url, title }) => (
          <List.Item key={url} style={{ overflowWrap: 'anywhere' }}>
            {/^https?:/.test(url) ? (
              <Anchor href={url} target="_blank" rel="noreferrer" size="xs">
                {title === '' ? url : title}
              </Anchor>
            ) : (
              `${title} ${url}`
            )}
          </List.Item>
        ))}
      </List>
    </>
  );
}
