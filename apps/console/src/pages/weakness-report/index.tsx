import { Button, Group, List, Select, Stack, Table, Text, Title } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import {
  type RankedWeakness,
  useFindings,
  useGroups,
  useTrend,
  useWeaknesses,
  useWeaknessSummary,
  type WeaknessSummary,
} from '../weaknesses/queries.ts';
import { DECISION_WORDS, DECISIONS, percentText, reasonsBeside, STATUS_TITLES } from '../weaknesses/weakness-words.tsx';

const TREND_DAYS = 30;
const MOST_SHOWN = 20;

/** What a board or a maker gets on paper. */
export default function WeaknessReportPage() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const vendor = parameters.get('vendor');
  const makers =
    useGroups('vendor')
      .data?.items.map(({ key }) => key)
      .filter((key) => key !== '') ?? [];
  return (
    <Stack>
      <PageHeader
        title={vendor === null ? 'Weaknesses: report' : `Weaknesses in devices of ${vendor}`}
        description={`As of ${formatTime(Date.now())}`}
        actions={
          <Group gap="xs" className="not-printed">
            <Select
              aria-label="For whom"
              w={230}
              placeholder="For the board"
              clearable
              clearButtonProps={{ 'aria-label': 'For the board' }}
              data={makers.map((maker) => ({ value: maker, label: `For ${maker}` }))}
              value={vendor}
              onChange={(value) => set('vendor', value)}
            />
            <Button leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
              Print
            </Button>
            <Button component={Link} to="/weaknesses" variant="default">
              Back
            </Button>
          </Group>
        }
      />
      {vendor === null ? <ForTheBoard /> : <ForMaker vendor={vendor} />}
    </Stack>
  );
}

function ForTheBoard() {
  const { data: summary, error, refetch } = useWeaknessSummary();
  const ranked = useWeaknesses({}).data?.pages[0];
  const wards = useGroups('ward').data?.items ?? [];
  const trend = useTrend(TREND_DAYS).data?.items ?? [];
  if (summary === undefined || ranked === undefined)
    return error === null ? <LoadingState what="the report" /> : <ErrorState error={error} onRetry={refetch} />;
  const found = trend.reduce((sum, day) => sum + day.found + day.reopened, 0);
  const closed = trend.reduce((sum, day) => sum + day.closed, 0);
  return (
    <Stack>
      <Text>{sentenceOf(summary)}</Text>
      <Text>
        In the last {TREND_DAYS} days {formatQuantity(found, 'finding')} came and {formatCount(closed)} went.
      </Text>
      <DecisionTable summary={summary} />
      <Title order={2} size="h4">
        What to do first
      </Title>
      <RankedRows items={ranked.items.slice(0, 10)} />
      <Title order={2} size="h4">
        Where
      </Title>
      <Table aria-label="Open findings by ward">
        <TableHead
          columns={['Ward', ...['Act', 'Attend', 'Overdue', 'Devices'].map((title) => ({ title, isNumber: true }))]}
        />
        <Table.Tbody>
          {wards.slice(0, MOST_SHOWN).map(({ key, title, decisions, overdue, assets }) => (
            <Table.Tr key={key}>
              <Table.Td>{key === '' ? 'not known' : title}</Table.Td>
              <Table.Td ta="right">{formatCount(decisions.act)}</Table.Td>
              <Table.Td ta="right">{formatCount(decisions.attend)}</Table.Td>
              <Table.Td ta="right">{formatCount(overdue)}</Table.Td>
              <Table.Td ta="right">{formatCount(assets)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Title order={2} size="h4">
        What was decided
      </Title>
      <List size="sm">
        {Object.entries(STATUS_TITLES).map(([status, title]) => (
          <List.Item key={status}>
            {title}: {formatCount(summary.statuses[status as keyof typeof summary.statuses])}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function sentenceOf({
  findings,
  assets,
  assessedAssets,
  decisions,
  overdue,
  knownExploited,
  possiblyAffected,
}: WeaknessSummary) {
  const unclear =
    possiblyAffected === 0
      ? ''
      : ` Of ${formatCount(possiblyAffected)} of these it is not clear whether the device has them, since its version is not known.`;
  return `Weaknesses are known on ${formatQuantity(assets, 'device')} of ${formatCount(assessedAssets)} that were compared: ${formatQuantity(findings, 'open finding')}. To act on as soon as possible: ${formatCount(decisions.act)}. Weaknesses that attackers are known to use: ${formatCount(knownExploited)}. Later than the policy allows: ${formatCount(overdue)}.${unclear}`;
}

function DecisionTable({ summary }: { summary: WeaknessSummary }) {
  return (
    <Table aria-label="Open findings by decision" w="auto">
      <TableHead columns={['Decision', 'Means', { title: 'Open findings', isNumber: true }]} />
      <Table.Tbody>
        {DECISIONS.map((decision) => (
          <Table.Tr key={decision}>
            <Table.Td>{DECISION_WORDS[decision].title}</Table.Td>
            <Table.Td>{DECISION_WORDS[decision].meaning}</Table.Td>
            <Table.Td ta="right">{formatCount(summary.decisions[decision])}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function RankedRows({ items }: { items: readonly RankedWeakness[] }) {
  return (
    <Table aria-label="Most urgent weaknesses">
      <TableHead columns={['Weakness', 'Decision', 'Why', { title: 'Devices', isNumber: true }]} />
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.weakness}>
            <Table.Td>
              <b>{item.weakness}</b> {item.title}
            </Table.Td>
            <Table.Td>{DECISION_WORDS[item.decision].title}</Table.Td>
            <Table.Td>
              {[
                ...(item.isKnownExploited ? ['known to be exploited'] : []),
                ...reasonsBeside(item.reasons, item.isKnownExploited).slice(0, 2),
              ].join('; ')}
              {item.exploitProbability !== null && `; EPSS ${percentText(item.exploitProbability)}`}
            </Table.Td>
            <Table.Td ta="right">
              {formatCount(item.affected)}
              {item.possiblyAffected > 0 && ` + ${formatCount(item.possiblyAffected)} unclear`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Which weaknesses the devices of one maker have, and what is asked of it. */
function ForMaker({ vendor }: { vendor: string }) {
  const ranked = useWeaknesses({ vendor }).data?.pages[0];
  const { data, error, refetch } = useFindings({ vendor });
  const page = data?.pages[0];
  if (ranked === undefined || page === undefined)
    return error === null ? <LoadingState what="the report" /> : <ErrorState error={error} onRetry={refetch} />;
  const models = Map.groupBy(page.items, ({ component }) =>
    [component.vendor, component.name, component.version || 'version not known'].filter(Boolean).join(' '),
  );
  return (
    <Stack>
      <Text>
        {formatQuantity(ranked.total, 'weakness', 'weaknesses')} in devices that you made:{' '}
        {formatQuantity(page.total, 'open finding')}. Please tell us for each whether our devices have it (VEX), which
        version mends it and when it comes, and how to protect the device until then.
      </Text>
      <RankedRows items={ranked.items} />
      <Title order={2} size="h4">
        Where it was found
      </Title>
      <List size="sm">
        {[...models].map(([model, findings]) => (
          <List.Item key={model}>
            {model}: {formatQuantity(new Set(findings.map(({ assetId }) => assetId)).size, 'device')}
          </List.Item>
        ))}
      </List>
      <Text size="sm" c="dimmed">
        No address, name or place of a device is in this report.
      </Text>
    </Stack>
  );
}
