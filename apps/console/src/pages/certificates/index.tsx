import { Anchor, Button, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import type { CertificateRecord } from '@sphinx/schema';
import { Link, useSearchParams } from 'react-router';
import { SampleBadge, VerdictBadge } from '../../components/badges.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { CheckFile } from './check-file.tsx';
import { useCertificates } from './queries.ts';
import { CERTIFICATE_STATES, CertificateBadge, readStatus, STATUS_ORDER } from './status.tsx';

const ALL = 'all';

/** Which certificates were issued, and do they hold? */
export default function CertificatesPage() {
  const [parameters, setParameters] = useSearchParams();
  const status = readStatus(parameters.get('status'));
  const assetId = parameters.get('asset');
  const choose = (value: string) =>
    setParameters({ ...(value === ALL ? {} : { status: value }), ...(assetId === null ? {} : { asset: assetId }) });
  return (
    <>
      <PageHeader
        title="Certificates"
        description="A trusted or conditional asset gets a signed certificate that anybody can check offline. It is renewed or revoked by itself as the evidence changes."
      />
      <Stack gap="md">
        <CheckFile />
        <SegmentedControl
          value={status ?? ALL}
          onChange={choose}
          aria-label="Which certificates"
          style={{ alignSelf: 'start' }}
          data={[
            { value: ALL, label: 'All' },
            ...STATUS_ORDER.map((one) => ({ value: one, label: CERTIFICATE_STATES[one].title })),
          ]}
        />
        <CertificateList status={status} assetId={assetId} />
      </Stack>
    </>
  );
}

function CertificateList({ status, assetId }: { status: ReturnType<typeof readStatus>; assetId: string | null }) {
  const list = useCertificates(status, assetId);
  if (list.isPending) return <LoadingState what="the certificates" />;
  if (list.data === undefined) return <ErrorState error={list.error} onRetry={list.refetch} />;
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <None isNarrowed={status !== null || assetId !== null} />;
  return (
    <>
      {assetId !== null && (
        <Group>
          <Text size="sm">Only certificates of {items[0]?.assetName ?? assetId}</Text>
          <Button component={Link} to="/certificates" size="compact-sm" variant="subtle">
            Show all
          </Button>
        </Group>
      )}
      <CertificateTable items={items} />
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function None({ isNarrowed }: { isNarrowed: boolean }) {
  if (isNarrowed) {
    return (
      <EmptyState
        title="None in this state"
        description="There are certificates in other states, or none yet."
        action={
          <Button component={Link} to="/certificates" variant="default">
            Show all
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      title="No certificate yet"
      description="Certificates are issued by themselves when a verification ends as trusted or conditional. See what stands in the way."
      action={
        <Button component={Link} to="/verifications">
          Look at the verifications
        </Button>
      }
    />
  );
}

function CertificateTable({ items }: { items: readonly CertificateRecord[] }) {
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Certificates, newest first" highlightOnHover>
        <TableHead columns={['Certificate', 'State', 'Asset', 'Verdict', 'Issued', 'Valid until']} />
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              <Table.Td>
                <Anchor component={Link} to={`/certificates/${encodeURIComponent(item.id)}`} size="sm" ff="monospace">
                  {item.id}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <CertificateBadge status={item.status} />
              </Table.Td>
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
              <Table.Td>
                <TimeText time={item.issuedAt} />
              </Table.Td>
              <Table.Td>
                <TimeText time={item.expiresAt} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
