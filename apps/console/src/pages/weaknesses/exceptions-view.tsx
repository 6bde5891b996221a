import { Anchor, Badge, Button, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { IconDownload, IconSignature } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { downloadCsv, downloadFile } from '../../components/csv.ts';
import { formatQuantity } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { settle, useExceptions, useWeaknessChange, type WeaknessException } from './queries.ts';
import { STATUS_TITLES } from './weakness-words.tsx';

const CHOICES = [
  { value: 'all', label: 'All' },
  { value: 'accepted-risk', label: 'Risks accepted' },
  { value: 'compensated', label: 'Compensated' },
  { value: 'false-positive', label: 'False positives' },
] as const;
const SOON_MS = 30 * 86_400_000;

/** What do we live with, who decided so, and until when? */
export function ExceptionsView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const kind = CHOICES.find(({ value }) => value === parameters.get('exception'))?.value ?? 'all';
  const { data, error, refetch } = useExceptions(kind === 'all' ? undefined : kind);
  return (
    <Stack>
      <Group justify="space-between">
        <SegmentedControl
          aria-label="Which exceptions"
          value={kind}
          onChange={(value) => set('exception', value === 'all' ? null : value)}
          data={[...CHOICES]}
        />
        {data !== undefined && data.items.length > 0 && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => saveCsv(data.items)}
          >
            CSV
          </Button>
        )}
      </Group>
      {data === undefined && error === null && <LoadingState what="the exceptions" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data?.items.length === 0 && (
        <EmptyState
          title="No exception"
          description="On the page of a weakness a risk is accepted until a day, with a signature; a control is named that protects instead; or it is said why a device does not have it. Each stands here until it ends."
        />
      )}
      {data !== undefined && data.items.length > 0 && <ExceptionTable items={data.items} total={data.total} />}
    </Stack>
  );
}

function ExceptionTable({ items, total }: { items: readonly WeaknessException[]; total: number }) {
  return (
    <>
      <Text size="sm" role="status">
        {formatQuantity(total, 'exception')}
        {total > 1 && ', those that end first at the top'}
        {items.length < total && `; the first ${items.length} shown`}
      </Text>
      <Table.ScrollContainer minWidth={900}>
        <Table aria-label="Exceptions, those that end first at the top" highlightOnHover>
          <TableHead columns={['Weakness', 'Device', 'What holds', 'Why', 'Until', 'Action']} />
          <Table.Tbody>
            {items.map((item) => (
              <ExceptionRow key={`${item.assetId} ${item.weakness}`} item={item} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function ExceptionRow({ item }: { item: WeaknessException }) {
  const mayWrite = useMay('weaknesses:write');
  const reopen = useWeaknessChange(settle);
  const { weakness, assetId, assetName, title, severity, status, by, at, reason, control } = item;
  return (
    <Table.Tr>
      <Table.Td maw={240}>
        <Group gap={6}>
          <Anchor component={Link} to={`/weaknesses/${encodeURIComponent(weakness)}`} size="sm" fw={600}>
            {weakness}
          </Anchor>
          <SeverityBadge severity={severity} />
        </Group>
        <Text size="xs" lineClamp={2}>
          {title}
        </Text>
      </Table.Td>
      <Table.Td maw={180}>
        <Anchor component={Link} to={`/assets/${encodeURIComponent(assetId)}`} size="sm">
          {assetName}
        </Anchor>
        <Text size="xs" c="dimmed">
          {item.ward}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{STATUS_TITLES[status]}</Text>
        <Signature item={item} />
      </Table.Td>
      <Table.Td maw={280} style={{ overflowWrap: 'anywhere' }}>
        {control !== null && <Text size="sm">{control}</Text>}
        <Text size="sm">{reason}</Text>
        <Text size="xs" c="dimmed">
          {by}, <TimeText time={at} />
        </Text>
      </Table.Td>
      <Table.Td>
        <Until expiresAt={item.expiresAt} />
      </Table.Td>
      <Table.Td>
        {mayWrite && (
          <ConfirmButton
            size="compact-sm"
            variant="default"
            question={`Open ${weakness} on ${assetName} again?`}
            consequence="The exception ends now, and the weakness is due by the policy. The history keeps what was decided."
            confirmLabel="Open it again"
            onConfirm={() =>
              reopen.mutateAsync({ weakness, assetIds: [assetId], status: 'open', reason: 'The exception was ended.' })
            }
          >
            End
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Signature({ item: { signature, isGenuine, weakness, assetName } }: { item: WeaknessException }) {
  if (signature === null) return null;
  const save = () =>
    downloadFile(
      `accepted-risk-${weakness}.dsse.json`,
      new Blob([JSON.stringify(signature)], { type: 'application/json' }),
    );
  return (
    <Stack gap={2} align="flex-start">
      <Badge
        color={isGenuine === true ? 'green.9' : 'red.9'}
        tt="none"
        miw="max-content"
        leftSection={<IconSignature size={12} aria-hidden />}
      >
        {isGenuine === true ? 'signed' : 'signature does not hold'}
      </Badge>
      <Button
        size="compact-xs"
        variant="default"
        onClick={save}
        aria-label={`Statement on ${weakness} of ${assetName}`}
      >
        Statement
      </Button>
    </Stack>
  );
}

function Until({ expiresAt }: { expiresAt: number | null }) {
  if (expiresAt === null) return <Text size="sm">until somebody ends it</Text>;
  return (
    <>
      <Text size="sm">{formatTime(expiresAt)}</Text>
      {expiresAt - Date.now() < SOON_MS && (
        <Badge color="yellow.4" tt="none">
          ends soon
        </Badge>
      )}
    </>
  );
}

function saveCsv(items: readonly WeaknessException[]): void {
  const day = (time: number | null) => (time === null ? '' : new Date(time).toISOString());
  downloadCsv(
    'exceptions.csv',
    ['weakness', 'title', 'severity', 'device', 'ward', 'status', 'reason', 'control', 'by', 'at', 'until', 'signed'],
    items.map((item) => [
      item.weakness,
      item.title,
      item.severity,
      item.assetName,
      item.ward,
      item.status,
      item.reason,
      item.control,
      item.by,
      day(item.at),
      day(item.expiresAt),
      item.signature === null ? 'no' : item.isGenuine === true ? 'yes' : 'does not hold',
    ]),
  );
}
