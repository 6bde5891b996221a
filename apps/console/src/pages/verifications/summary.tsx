import { Anchor, Card, Group, Progress, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { SeverityBadge, VerdictBadge } from '../../components/badges.tsx';
import { formatCount } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import type { FailedCheck, VerificationSummary } from './queries.ts';
import { VERDICT_ORDER, VERDICTS } from './verdicts.ts';

/** One card per verdict: how many assets, which share, and what it means. */
export function VerdictCards({ summary }: { summary: VerificationSummary }) {
  const total = VERDICT_ORDER.reduce((sum, verdict) => sum + (summary[verdict] ?? 0), 0);
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }}>
      {VERDICT_ORDER.map((verdict) => {
        const count = summary[verdict] ?? 0;
        const percent = total === 0 ? 0 : Math.round((100 * count) / total);
        return (
          <Card key={verdict} withBorder padding="md">
            <Stack gap={6}>
              <VerdictBadge verdict={verdict} />
              <Text fz={28} fw={700} lh={1.1}>
                {formatCount(count)}
              </Text>
              <Text size="sm">
                {percent} % of {formatCount(total)} assets
              </Text>
              <Text size="sm" c="dimmed">
                {VERDICTS[verdict].meaning}
              </Text>
            </Stack>
          </Card>
        );
      })}
    </SimpleGrid>
  );
}

/** What to repair first: the checks that most assets fail. */
export function WorstChecks({ checks }: { checks: readonly FailedCheck[] }) {
  const most = checks[0]?.assets ?? 0;
  if (most === 0) return null;
  return (
    <Card withBorder padding="md" mt="md" component="section">
      <Title order={2} size="h4" mb="xs">
        What fails most
      </Title>
      <Table.ScrollContainer minWidth={600}>
        <Table aria-label="Checks that fail most" verticalSpacing={6} withRowBorders={false}>
          <TableHead columns={['Check', 'Severity', { title: 'Assets that fail it', width: '35%' }]} />
          <Table.Tbody>
            {checks.map(({ checkId, title, severity, assets }) => (
              <Table.Tr key={checkId}>
                <Table.Td>
                  <Anchor component={Link} to={`/verifications?check=${encodeURIComponent(checkId)}`} size="sm">
                    {title}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <SeverityBadge severity={severity} />
                </Table.Td>
                <Table.Td>
                  <Group gap="xs" wrap="nowrap">
                    <Text size="sm" w={56} ta="right">
                      {formatCount(assets)}
                    </Text>
                    <Progress value={(100 * assets) / most} flex={1} aria-hidden />
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
