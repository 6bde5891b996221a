import { Anchor, Button, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { RequestOptions } from '../../api/request.ts';
import { downloadCsv } from '../../components/csv.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { Section } from '../asset/section.tsx';
import { type Talker, useTalkers } from './queries.ts';

/** Who moves the most? */
export function TalkersSection(props: { query?: RequestOptions['query']; linkOf: (address: string) => string }) {
  const { query, linkOf } = props;
  const { data: talkers, error, isPending } = useTalkers(query);
  return (
    <Section
      title="Busiest addresses"
      aside={talkers !== undefined && talkers.length > 0 && <ExportTalkers talkers={talkers} />}
    >
      <ErrorText error={error} />
      {isPending && <Text size="sm">Loading …</Text>}
      {talkers?.length === 0 && (
        <Text size="sm" c="dimmed">
          No flow has finished yet.
        </Text>
      )}
      {talkers !== undefined && talkers.length > 0 && (
        <Table.ScrollContainer minWidth={460}>
          <Table aria-label="Addresses that moved the most bytes" verticalSpacing={4}>
            <TableHead
              columns={[
                'Address',
                { title: 'Sent', isNumber: true },
                { title: 'Received', isNumber: true },
                { title: 'Flows', isNumber: true },
                'Asset',
              ]}
            />
            <Table.Tbody>
              {talkers.slice(0, 12).map((talker) => (
                <Table.Tr key={talker.ip}>
                  <Table.Td>
                    <Anchor component={Link} to={linkOf(talker.ip)} size="sm" ff="monospace">
                      {talker.ip}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right">{formatBytes(talker.bytesSent)}</Table.Td>
                  <Table.Td ta="right">{formatBytes(talker.bytesReceived)}</Table.Td>
                  <Table.Td ta="right">{formatCount(talker.flows)}</Table.Td>
                  <Table.Td>
                    <Anchor
                      component={Link}
                      to={`/assets?search=${encodeURIComponent(talker.ip)}`}
                      size="sm"
                      aria-label={`Find the asset of ${talker.ip}`}
                    >
                      Find
                    </Anchor>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

function ExportTalkers({ talkers }: { talkers: readonly Talker[] }) {
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconDownload size={14} aria-hidden />}
      onClick={() =>
        downloadCsv(
          'talkers.csv',
          ['Address', 'Bytes sent', 'Bytes received', 'Packets', 'Flows'],
          talkers.map(({ ip, bytesSent, bytesReceived, packets, flows }) => [
            ip,
            bytesSent,
            bytesReceived,
            packets,
            flows,
          ]),
        )
      }
    >
      CSV
    </Button>
  );
}
