import { Anchor, Group, Table, Text } from '@mantine/core';
import type { Severity } from '@sphinx/schema';
import { Link } from 'react-router';
import { SampleBadge, SeverityBadge, VerdictBadge } from '../../components/badges.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { OCCASIONS } from '../verification/occasions.ts';
import type { VerificationItem } from './queries.ts';

/** The present verdicts, newest first. */
export function VerificationTable({ items }: { items: readonly VerificationItem[] }) {
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Verifications, newest first" highlightOnHover>
        <TableHead columns={['Asset', 'Verdict', 'Why', 'Checks', 'Verified', 'Details']} />
        <Table.Tbody>
          {items.map((item) => (
            <VerificationRow key={item.id} item={item} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function VerificationRow({ item }: { item: VerificationItem }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <Anchor component={Link} to={`/assets/${encodeURIComponent(item.assetId)}`} size="sm">
            {item.assetName}
          </Anchor>
          {item.isSample && <SampleBadge />}
        </Group>
      </Table.Td>
      <Table.Td>
        <VerdictBadge verdict={item.verdict} />
      </Table.Td>
      <Table.Td maw={360}>
        <Why item={item} />
      </Table.Td>
      <Table.Td>
        <Text size="sm">
          {item.counts.fail} failed, {item.counts.pass} passed
        </Text>
        <Text size="xs" c="dimmed">
          {item.counts['not-observed']} not observed, {item.counts['not-applicable']} not applicable
        </Text>
      </Table.Td>
      <Table.Td>
        <TimeText time={item.time} />
        {item.occasion !== undefined && (
          <Text size="xs" c="dimmed">
            {OCCASIONS[item.occasion]}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Anchor
          component={Link}
          to={`/verifications/${encodeURIComponent(item.id)}`}
          size="sm"
          aria-label={`Checks of ${item.assetName}`}
        >
          Checks
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}

const SEVERITY_ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];

/** The worst failed check; the reason of the policy where none failed. */
function Why({ item }: { item: VerificationItem }) {
  const [worst, ...others] = [...item.results].sort(
    (a, b) => SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity),
  );
  if (worst === undefined) {
    return (
      <Text size="sm" lineClamp={2}>
        {item.reasons[0] ?? ''}
      </Text>
    );
  }
  return (
    <>
      <Group gap={6} wrap="nowrap" align="start">
        <SeverityBadge severity={worst.severity} />
        <Text size="sm" lineClamp={2}>
          {worst.title}
        </Text>
      </Group>
      {others.length > 0 && (
        <Text size="xs" c="dimmed">
          and {others.length} more
        </Text>
      )}
    </>
  );
}
