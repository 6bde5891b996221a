import { Accordion, Anchor, Badge, List, Stack, Table, Text, Title } from '@mantine/core';
import type { CheckOutcome, Verdict, VerificationOccasion } from '@sphinx/schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { request } from '../../api/request.ts';
import { VERDICTS } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { OUTCOMES } from './outcomes.ts';

interface Change {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface Difference {
  readonly before: {
    readonly verificationId: string;
    readonly certificateId: string;
    readonly time: number;
    readonly verdict: Verdict;
    readonly occasion: VerificationOccasion | null;
  } | null;
  readonly isVerdictChanged: boolean;
  readonly policy: Change | null;
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly before: CheckOutcome | null;
    readonly after: CheckOutcome | null;
  }[];
  readonly facts: readonly Change[];
  readonly newServices: readonly string[];
  readonly lostServices: readonly string[];
}

interface Standard {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly region: string;
  readonly shown: number;
  readonly notMet: number;
  readonly open: number;
  readonly requirements: readonly Requirement[];
}

interface Requirement {
  readonly id: string;
  readonly title: string;
  readonly status: 'shown' | 'not-met' | 'open';
  readonly checks: readonly { readonly id: string; readonly title: string; readonly outcome: CheckOutcome }[];
}

/** What is other than at the last certificate? */
export function DifferenceSection({ verificationId }: { verificationId: string }) {
  const { data, error } = useQuery({
    queryKey: ['verifications', 'difference', verificationId],
    queryFn: ({ signal }) =>
      request<Difference>('GET', `/verifications/${encodeURIComponent(verificationId)}/difference`, { signal }),
  });
  return (
    <Section title="Since the last certificate">
      <ErrorText error={error} />
      {data === undefined && error === null && <Text size="sm">Comparing …</Text>}
      {data !== undefined && <DifferenceText difference={data} />}
    </Section>
  );
}

function DifferenceText({ difference }: { difference: Difference }) {
  const { before } = difference;
  if (before === null) return <Text size="sm">There was no certificate before this verification.</Text>;
  const lines = linesOf(difference, before.verdict);
  return (
    <>
      <Text size="sm" mb="xs">
        Compared with the{' '}
        <Anchor component={Link} to={`/certificates/${encodeURIComponent(before.certificateId)}`} inherit>
          certificate of <TimeText time={before.time} />
        </Anchor>
      </Text>
      {lines.length === 0 ? (
        <Text size="sm">Nothing that matters is other than then.</Text>
      ) : (
        <List size="sm">
          {lines.map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      )}
    </>
  );
}

function linesOf(difference: Difference, verdict: Verdict): readonly string[] {
  const outcome = (value: CheckOutcome | null) => (value === null ? 'not there' : OUTCOMES[value].title.toLowerCase());
  return [
    ...(difference.isVerdictChanged ? [`The verdict was “${VERDICTS[verdict].title}”.`] : []),
    ...(difference.policy === null ? [] : [`The policy was “${difference.policy.before ?? ''}”.`]),
    ...difference.checks.map(({ title, before, after }) => `${title}: ${outcome(before)} then, ${outcome(after)} now`),
    ...difference.facts.map(
      ({ name, before, after }) => `${name}: ${before ?? 'unknown'} then, ${after ?? 'unknown'} now`,
    ),
    ...difference.newServices.map((service) => `Newly offers ${service}`),
    ...difference.lostServices.map((service) => `No longer offers ${service}`),
  ];
}

/** Which laws and standards do its checks speak of, and what do they show? */
export function ComplianceSection({ verificationId }: { verificationId: string }) {
  const { data, error } = useQuery({
    queryKey: ['verifications', 'compliance', verificationId],
    queryFn: ({ signal }) =>
      request<{ items: readonly Standard[] }>(
        'GET',
        `/verifications/${encodeURIComponent(verificationId)}/compliance`,
        {
          signal,
        },
      ),
  });
  return (
    <Section title="Laws and standards">
      <Text size="sm" c="dimmed" mb="xs">
        “Shown” means that at least one check of a requirement passed and none failed. Whether a requirement is met as a
        whole a person says.
      </Text>
      <ErrorText error={error} />
      <Accordion variant="separated" order={3}>
        {(data?.items ?? []).map((standard) => (
          <Accordion.Item key={standard.id} value={standard.id}>
            <Accordion.Control>
              <Text size="sm" fw={600}>
                {standard.title}
              </Text>
              <Text size="sm" c="dimmed">
                {standard.region}: {standard.shown} shown, {standard.notMet} not met, {standard.open} open
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <Requirements standard={standard} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Section>
  );
}

const STATES: Readonly<Record<Requirement['status'], { readonly title: string; readonly color: string }>> = {
  shown: { title: 'Shown', color: 'green.9' },
  'not-met': { title: 'Not met', color: 'red.9' },
  open: { title: 'Open', color: 'gray.7' },
};

function Requirements({ standard }: { standard: Standard }) {
  return (
    <>
      <Title order={4} size="h6" mb="xs">
        <Anchor href={standard.url} target="_blank" rel="noreferrer" inherit underline="always">
          The text of the source
        </Anchor>
      </Title>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label={`Requirements of ${standard.title}`} verticalSpacing={4}>
          <TableHead columns={['Requirement', { title: 'State', width: 110 }, 'Checks']} />
          <Table.Tbody>
            {standard.requirements.map((requirement) => (
              <Table.Tr key={requirement.id}>
                <Table.Td>
                  {requirement.id} {requirement.title}
                </Table.Td>
                <Table.Td>
                  <Badge color={STATES[requirement.status].color} tt="none" size="sm" miw="max-content">
                    {STATES[requirement.status].title}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  <CheckList requirement={requirement} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function CheckList({ requirement: { checks } }: { requirement: Requirement }) {
  const judged = checks.filter(({ outcome }) => outcome === 'pass' || outcome === 'fail');
  if (judged.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {checks.length === 0
          ? 'No check of it applies on this occasion'
          : `${checks.length} ${checks.length === 1 ? 'check' : 'checks'}, of which nothing was to be seen`}
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      {judged.map(({ id, title, outcome }) => (
        <Text size="sm" key={id}>
          {title} ({OUTCOMES[outcome].title.toLowerCase()})
        </Text>
      ))}
    </Stack>
  );
}
