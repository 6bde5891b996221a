import { Alert, Badge, Button, Code, Group, ScrollArea, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { request } from '../../api/request.ts';
import { downloadCsv } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';

interface AuditEntry {
  readonly sequence: number;
  readonly time: number;
  readonly actorName: string;
  readonly actorKind: string;
  readonly action: string;
  readonly subject: string;
  readonly outcome: 'success' | 'refused' | 'failed' | 'interrupted';
  readonly detail: string;
}

interface AuditPageData {
  readonly items: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

interface AuditVerification {
  readonly isIntact: boolean;
  readonly headHash: string;
  readonly message: string;
}

const PAGE_SIZE = 100;
const OUTCOME_COLORS = { success: 'green.9', refused: 'yellow.4', failed: 'red.9', interrupted: 'orange.4' } as const;

/** Who changed what, and can it be proved? */
export default function AuditPage() {
  const [parameters, setParameters] = useSearchParams();
  const search = parameters.get('search') ?? '';
  const outcome = parameters.get('outcome');
  const [settled] = useDebouncedValue(search, 300);
  const set = (name: string, value: string | null) =>
    setParameters(
      (before) => {
        if (value === null || value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  const query = useInfiniteQuery({
    queryKey: ['audit', settled, outcome],
    queryFn: ({ pageParam, signal }) =>
      request<AuditPageData>('GET', '/audit', {
        query: {
          limit: PAGE_SIZE,
          ...(settled === '' ? {} : { search: settled }),
          ...(outcome === null ? {} : { outcome }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHeader
        title="Audit trail"
        description="Every change that was made or refused. Each entry carries the fingerprint of the one before, so that nothing can be altered unnoticed."
        actions={
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => exportEntries(entries)}
            disabled={entries.length === 0}
          >
            Export what is shown
          </Button>
        }
      />
      <Stack>
        <Verification />
        <Group align="flex-end">
          <TextInput
            label="Search"
            placeholder="Person, action or subject"
            value={search}
            onChange={(event) => set('search', event.currentTarget.value)}
          />
          <Select
            label="Outcome"
            placeholder="All"
            clearable
            clearButtonProps={{ 'aria-label': 'All outcomes' }}
            data={['success', 'refused', 'failed', 'interrupted']}
            value={outcome}
            onChange={(value) => set('outcome', value)}
          />
        </Group>
        {query.isPending ? (
          <LoadingState what="the audit trail" />
        ) : query.data === undefined ? (
          <ErrorState error={query.error} onRetry={query.refetch} />
        ) : entries.length === 0 ? (
          <EmptyState title="No entry fits" description="Changes appear here the moment they are made." />
        ) : (
          <Entries entries={entries} />
        )}
        {query.hasNextPage && (
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            Show older entries
          </Button>
        )}
      </Stack>
    </>
  );
}

function Verification() {
  const verify = useMutation({ mutationFn: () => request<AuditVerification>('GET', '/audit/verification') });
  const { data } = verify;
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        leftSection={<IconShieldCheck size={16} aria-hidden />}
        onClick={() => verify.mutate()}
        loading={verify.isPending}
      >
        Check that nothing was altered
      </Button>
      <ErrorText error={verify.error} />
      {data !== undefined && (
        <Alert
          color={data.isIntact ? 'green' : 'red'}
          variant="outline"
          icon={data.isIntact ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />}
          title={data.isIntact ? 'Intact' : 'Altered'}
          role="status"
        >
          <Text size="sm">{data.message}</Text>
          <Text size="sm">
            Fingerprint of the newest entry, to keep elsewhere: <Code>{data.headHash}</Code>
          </Text>
        </Alert>
      )}
    </Stack>
  );
}

function Entries({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <ScrollArea tabIndex={0} role="region" aria-label="Audit entries" type="auto">
      <Table striped miw={760}>
        <TableHead columns={['Time', 'Who', 'Action', 'On what', 'Outcome']} />
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.sequence}>
              <Table.Td>
                <TimeText time={entry.time} />
              </Table.Td>
              <Table.Td>{entry.actorName}</Table.Td>
              <Table.Td>{entry.action}</Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{entry.subject}</Table.Td>
              <Table.Td>
                <Badge color={OUTCOME_COLORS[entry.outcome]} tt="none">
                  {entry.outcome}
                </Badge>
                {entry.outcome !== 'success' && <Text size="xs">{reasonOf(entry.detail)}</Text>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function reasonOf(detail: string): string {
  return (JSON.parse(detail) as { reason?: string }).reason ?? '';
}

function exportEntries(entries: readonly AuditEntry[]): void {
  downloadCsv(
    'audit.csv',
    ['sequence', 'time', 'who', 'kind', 'action', 'subject', 'outcome', 'detail'],
    entries.map(({ sequence, time, actorName, actorKind, action, subject, outcome, detail }) => [
      sequence,
      formatTime(time),
      actorName,
      actorKind,
      action,
      subject,
      outcome,
      detail,
    ]),
  );
}
