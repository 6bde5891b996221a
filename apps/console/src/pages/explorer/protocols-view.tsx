import { Anchor, Table, Text } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { formatBytes, formatCount } from '../../components/format.ts';
import { ShareCell } from '../../components/share-cell.tsx';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { changeFilter, type ExplorerFilter } from './explorer-filter.ts';
import { type ProtocolPart, useProtocolTree } from './queries.ts';

/** Which protocols, under which transport, and how much of each anybody on the way can read? */
export function ProtocolsView({ filter }: { filter: ExplorerFilter }) {
  const { data: parts, error } = useProtocolTree(filter);
  const [parameters] = useSearchParams();
  if (parts === undefined) return error === null ? <LoadingState what="protocols" /> : <ErrorText error={error} />;
  if (parts.length === 0) return <Text c="dimmed">No finished flow fits.</Text>;
  const total = sumOf(parts);
  const linkOf = (protocol: string) => `?${changeFilter(parameters, { protocol })}`;
  return (
    <Table aria-label="Transports with their protocols, most bytes first" verticalSpacing={4}>
      <TableHead
        columns={[
          'Protocol',
          { title: 'Share of bytes', width: '30%' },
          { title: 'Data', isNumber: true },
          { title: 'Encrypted', isNumber: true },
          { title: 'Flows', isNumber: true },
        ]}
      />
      <Table.Tbody>
        {[...Map.groupBy(parts, ({ transport }) => transport)].flatMap(([transport, ofTransport]) => [
          <Row key={transport} name={<b>{transport}</b>} parts={ofTransport} total={total} depth={0} />,
          ...[...Map.groupBy(ofTransport, ({ protocol }) => protocol)].map(([protocol, ofProtocol]) => (
            <Row
              key={`${transport}/${protocol}`}
              name={
                <Anchor component={Link} to={linkOf(protocol)} size="sm">
                  {protocol}
                </Anchor>
              }
              parts={ofProtocol}
              total={total}
              depth={1}
            />
          )),
        ])}
      </Table.Tbody>
    </Table>
  );
}

const INDENT_PX = 28;

function Row(props: { name: React.ReactNode; parts: readonly ProtocolPart[]; total: number; depth: number }) {
  const { name, parts, total, depth } = props;
  const bytes = sumOf(parts);
  const encrypted = sumOf(parts.filter(({ isEncrypted }) => isEncrypted));
  return (
    <Table.Tr>
      <Table.Td pl={10 + depth * INDENT_PX}>{name}</Table.Td>
      <ShareCell part={bytes} whole={total} />
      <Table.Td ta="right">{formatBytes(bytes)}</Table.Td>
      <Table.Td ta="right">{Math.round((100 * encrypted) / Math.max(1, bytes))} %</Table.Td>
      <Table.Td ta="right">{formatCount(parts.reduce((sum, { flows }) => sum + flows, 0))}</Table.Td>
    </Table.Tr>
  );
}

function sumOf(parts: readonly ProtocolPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}
