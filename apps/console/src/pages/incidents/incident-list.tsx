import { Anchor, Button, Group, Select, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useAddressFilter } from '../../components/address-filter.ts';
import { SampleBadge, SEVERITIES, SeverityBadge } from '../../components/badges.tsx';
import { downloadCsv } from '../../components/csv.ts';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { incidentName, StatusBadge, stageTitle } from './incident-words.tsx';
import { type Attention, type IncidentItem, useIncidents } from './queries.ts';

const STATUS_CHOICES = [
  { value: 'open', label: 'All that are open' },
  { value: 'new', label: 'New' },
  { value: 'in-progress', label: 'In progress' },
  { value: 'on-hold', label: 'On hold' },
  { value: 'closed', label: 'Closed' },
  { value: 'all', label: 'All' },
];

export function OpenView() {
  return (
    <IncidentList
      attention="incident"
      empty={{
        title: 'Nobody has to look at anything',
        description: 'No detections and alerts together weigh enough. What is too light is listed under "Noted".',
      }}
    />
  );
}

/** What would be an incident, were it not for what people said of the like of it. */
export function HeldBackView() {
  return (
    <IncidentList
      attention="held-back"
      empty={{
        title: 'Nothing is held back',
        description: 'Closing an incident as harmless holds back the like of it. What is held back then stands here.',
      }}
    />
  );
}

export function NotedView() {
  return (
    <IncidentList
      attention="noted"
      empty={{
        title: 'Nothing was noted',
        description: 'No service has detected anything, or all of it is an incident.',
      }}
    />
  );
}

function IncidentList({ attention, empty }: { attention: Attention; empty: { title: string; description: string } }) {
  const { query, isNarrowed, set } = useAddressFilter(['search', 'severity', 'status'] as const, ['search']);
  const chosen = query.status ?? 'open';
  const status = attention === 'incident' && chosen !== 'all' ? chosen : undefined;
  const list = useIncidents({ attention, status, severity: query.severity, search: query.search });
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Group align="end" gap="sm" role="search" aria-label="Incidents" mb="md">
        <DelayedTextInput
          label="Search"
          placeholder="title, device, account, address"
          w={230}
          value={query.search ?? ''}
          onChange={(text) => set('search', text.trim())}
        />
        <Select
          label="Severity"
          placeholder="any"
          w={130}
          clearable
          clearButtonProps={{ 'aria-label': 'Any severity' }}
          data={[...SEVERITIES]}
          value={query.severity ?? null}
          onChange={(value) => set('severity', value)}
        />
        {attention === 'incident' && (
          <Select
            label="Status"
            w={170}
            allowDeselect={false}
            data={STATUS_CHOICES}
            value={chosen}
            onChange={(value) => set('status', value === 'open' ? null : value)}
          />
        )}
        {items !== undefined && items.length > 0 && (
          <Button variant="default" leftSection={<IconDownload size={14} aria-hidden />} onClick={() => saveCsv(items)}>
            CSV
          </Button>
        )}
      </Group>
      {list.isPending && <LoadingState what="the incidents" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 &&
        (isNarrowed ? (
          <EmptyState title="No incident fits" description="Choose other words, or leave a filter out." />
        ) : (
          <EmptyState {...empty} />
        ))}
      {items !== undefined && items.length > 0 && <IncidentTable incidents={items} isWork={attention === 'incident'} />}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function IncidentTable({ incidents, isWork }: { incidents: readonly IncidentItem[]; isWork: boolean }) {
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Incidents, newest first" highlightOnHover verticalSpacing={6}>
        <TableHead
          columns={[
            'Incident',
            'What',
            ...(isWork ? ['Status', 'Owner'] : []),
            'Stages',
            { title: 'Alerts', isNumber: true },
            { title: 'Points', isNumber: true },
            'Last seen',
          ]}
        />
        <Table.Tbody>
          {incidents.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  <SeverityBadge severity={each.severity} />
                  <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
                    {incidentName(each)}
                  </Text>
                  {each.isSample && <SampleBadge />}
                </Group>
              </Table.Td>
              <Table.Td maw={380} style={{ overflowWrap: 'anywhere' }}>
                <Anchor component={Link} to={`/incidents/${encodeURIComponent(each.id)}`} size="sm">
                  {each.title}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {each.clinicalImpact === '' ? each.reasons[0] : each.clinicalImpact}
                </Text>
              </Table.Td>
              {isWork && (
                <>
                  <Table.Td>
                    <StatusBadge status={each.status} />
                  </Table.Td>
                  <Table.Td>
                    {each.owner ?? (
                      <Text size="sm" c="dimmed">
                        nobody
                      </Text>
                    )}
                  </Table.Td>
                </>
              )}
              <Table.Td maw={200}>
                <Text size="sm">{each.stages.map(stageTitle).join(', ') || 'unknown'}</Text>
              </Table.Td>
              <Table.Td ta="right">{formatCount(each.signals)}</Table.Td>
              <Table.Td ta="right">
                {formatCount(Math.round(each.score))}
                <Text size="xs" c="dimmed">
                  of {formatCount(each.threshold)}
                </Text>
              </Table.Td>
              <Table.Td>
                <TimeText time={each.lastSeen} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function saveCsv(incidents: readonly IncidentItem[]): void {
  downloadCsv(
    'incidents.csv',
    [
      'incident',
      'severity',
      'title',
      'status',
      'verdict',
      'owner',
      'stages',
      'alerts',
      'points',
      'first seen',
      'last seen',
    ],
    incidents.map((each) => [
      incidentName(each),
      each.severity,
      each.title,
      each.status,
      each.verdict,
      each.owner,
      each.stages.join(' '),
      each.signals,
      each.score,
      new Date(each.firstSeen).toISOString(),
      new Date(each.lastSeen).toISOString(),
    ]),
  );
}
