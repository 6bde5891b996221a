import { Alert, Anchor, Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { IconDownload, IconRefresh } from '@tabler/icons-react';
import { apiUrl } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Contacts } from './contacts.tsx';
import { type Downtime, exportNow, useDowntime, useDowntimeChange } from './queries.ts';

/** What do wards do, and whom do they call, while everything else is down? */
export default function DowntimePage() {
  const { data, error, isPending, refetch } = useDowntime();
  const may = useMay('downtime:write');
  const write = useDowntimeChange(exportNow);
  if (isPending) return <LoadingState what="the downtime pages" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <Stack>
      <PageHeader
        title="Downtime"
        description="A page for each ward, made from the care map: what to do, what it depends on, whom to call. Written to a folder every day, and readable when SPHINX is not."
        actions={
          <>
            <Button
              component="a"
              href={apiUrl('/downtime/document')}
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              All wards as PDF
            </Button>
            {may && (
              <Button
                leftSection={<IconRefresh size={16} aria-hidden />}
                loading={write.isPending}
                onClick={() => write.mutate(undefined)}
              >
                Write the folder now
              </Button>
            )}
          </>
        }
      />
      <ErrorText error={write.error} />
      <Written downtime={data} />
      <Wards wards={data.wards} />
      <Title order={2} size="h4">
        Whom wards call
      </Title>
      <Contacts areas={data.wards.map(({ title }) => title)} />
    </Stack>
  );
}

function Written({ downtime: { folder, last } }: { downtime: Downtime }) {
  if (last?.problem) {
    return (
      <Alert color="red" variant="outline" title="The folder could not be written">
        {last.problem}
      </Alert>
    );
  }
  const when = last === null ? 'not written yet' : `written ${formatTime(last.at)}`;
  return (
    <Text size="sm">{`${folder}: ${when}. Have it copied to a machine of each ward that works without the network.`}</Text>
  );
}

function Wards({ wards }: { wards: Downtime['wards'] }) {
  if (wards.length === 0) {
    return (
      <EmptyState
        title="No care area is known yet"
        description="State the care area of devices in the inventory: each that has a clinical service gets a page."
      />
    );
  }
  return (
    <Table.ScrollContainer minWidth={620}>
      <Table aria-label="Wards" highlightOnHover>
        <TableHead
          columns={[
            'Ward',
            { title: 'Beds', isNumber: true },
            'What is done there',
            { title: 'Contacts', isNumber: true },
          ]}
        />
        <Table.Tbody>
          {wards.map(({ title, slug, beds, services, contacts }) => (
            <Table.Tr key={slug}>
              <Table.Td>
                <Anchor href={apiUrl(`/downtime/pages/${slug}`)} target="_blank" rel="noreferrer">
                  {title}
                </Anchor>
              </Table.Td>
              <Table.Td ta="right">{beds ?? 'unknown'}</Table.Td>
              <Table.Td>
                <Group gap={4}>{services.join(', ')}</Group>
              </Table.Td>
              <Table.Td ta="right">{contacts}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
