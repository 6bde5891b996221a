import { Anchor, Button, List, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { Link, useParams } from 'react-router';
import { apiUrl } from '../../api/request.ts';
import { SampleBadge, SeverityBadge, VerdictBadge } from '../../components/badges.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { CertificateText } from '../vendor/devices-view.tsx';
import { useMakerView, useVendorDevice, type VendorReport } from '../vendor/queries.ts';

/** How did this device of ours do, and what would mend it? */
export default function VendorDevicePage() {
  const { id = '' } = useParams();
  const { maker } = useMakerView();
  const { data, error, isPending, refetch } = useVendorDevice(id);
  const back = maker === undefined ? '/vendor' : `/vendor?maker=${encodeURIComponent(maker)}`;
  const title = data === undefined ? 'Report on a device' : `${data.device.maker} ${data.device.model}`;
  return (
    <>
      <PageHeader
        title={title}
        description={
          <Anchor component={Link} to={back} size="sm">
            All devices
          </Anchor>
        }
        actions={
          data !== undefined && (
            <Button
              component="a"
              href={apiUrl(`/vendor/devices/${encodeURIComponent(id)}/report`, { maker })}
              target="_blank"
              rel="noreferrer"
              variant="default"
              leftSection={<IconPrinter size={16} aria-hidden />}
            >
              To print
            </Button>
          )
        }
      />
      {isPending && <LoadingState what="the report" />}
      {data === undefined && error !== null && <ErrorState error={error} onRetry={refetch} />}
      {data !== undefined && <Report report={data} />}
    </>
  );
}

function Report({ report: { device, policy, results } }: { report: VendorReport }) {
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  const passed = results.filter(({ outcome }) => outcome === 'pass');
  return (
    <Stack>
      <Paper component="section">
        <FactTable label="The device">
          <Fact title="Verdict">
            <VerdictBadge verdict={device.verdict} /> {device.isSample && <SampleBadge />}
          </Fact>
          <Fact title="Judged">{`${formatTime(device.verifiedAt)}, ${policy}`}</Fact>
          <Fact title="Serial number">{device.serial || 'not known'}</Fact>
          <Fact title="Software">{device.software || 'not known'}</Fact>
          <Fact title="Certificate">
            <CertificateText certificate={device.certificate} />
          </Fact>
          <Fact title="Reference">{device.id}</Fact>
        </FactTable>
        <Text size="sm" c="dimmed" mt="xs">
          Checks of the network around the device are part of the verdict and not of this report.
        </Text>
      </Paper>
      <Paper component="section">
        <Title order={2} size="h4" mb="sm">
          What failed and what to do
        </Title>
        {failed.length === 0 ? (
          <Text size="sm">Nothing on the device itself failed.</Text>
        ) : (
          <Failures items={failed} />
        )}
      </Paper>
      {passed.length > 0 && (
        <Paper component="section">
          <Title order={2} size="h4" mb="sm">
            What passed
          </Title>
          <List size="sm">
            {passed.map(({ checkId, title }) => (
              <List.Item key={checkId}>{title}</List.Item>
            ))}
          </List>
        </Paper>
      )}
    </Stack>
  );
}

function Failures({ items }: { items: VendorReport['results'] }) {
  return (
    <Table.ScrollContainer minWidth={680}>
      <Table aria-label="Failed checks, the most severe first">
        <TableHead columns={['Check', 'Severity', 'Seen', 'Remedy']} />
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.checkId}>
              <Table.Td maw={260}>{item.title}</Table.Td>
              <Table.Td>
                <SeverityBadge severity={item.severity} />
              </Table.Td>
              <Table.Td maw={240} style={{ overflowWrap: 'anywhere' }}>
                {item.seen.map(({ attribute, value }) => (
                  <Text key={`${attribute} ${value}`} size="xs">
                    {attribute}: {value}
                  </Text>
                ))}
              </Table.Td>
              <Table.Td maw={360}>
                <Text size="sm">{item.remedy}</Text>
                <References items={item.references} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function References({ items }: { items: VendorReport['results'][number]['references'] }) {
  return (
    <Text size="xs" c="dimmed">
      {items.map(({ title, url }, index) => (
        <span key={title}>
          {index > 0 && '; '}
          {url !== undefined && /^https?:/.test(url) ? (
            <Anchor href={url} target="_blank" rel="noreferrer" size="xs">
              {title}
            </Anchor>
          ) : (
            title
          )}
        </span>
      ))}
    </Text>
  );
}
