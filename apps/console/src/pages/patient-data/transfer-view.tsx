import { Button, Group, Switch, Table, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { SampleBadge, SeverityBadge } from '../../components/badges.tsx';
import { formatBytes } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useParameterChange } from '../../components/view-tabs.tsx';
import { PacketText } from '../asset/packet-text.tsx';
import { HolderText } from '../explorer/holder-text.tsx';
import { useAddressHolders } from '../explorer/queries.ts';
import { type DataTransfer, useKinds, usePolicy, useTransfers } from './queries.ts';
import { countWords, placeWords } from './words.ts';

/** Connection by connection: what was sent, from where to where, and whether it may be. */
export function TransferView() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const receiver = parameters.get('receiver') ?? undefined;
  const isForbidden = parameters.get('forbidden') === 'yes' ? true : undefined;
  const list = useTransfers({ receiver, isForbidden });
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Group mb="md" justify="space-between">
        <Switch
          label="Only what is forbidden"
          checked={isForbidden === true}
          onChange={({ currentTarget }) => set('forbidden', currentTarget.checked ? 'yes' : null)}
        />
        {receiver !== undefined && (
          <Button variant="default" size="xs" onClick={() => set('receiver', null)}>
            Only to {receiver}: show all
          </Button>
        )}
      </Group>
      {list.isPending && <LoadingState what="the transfers" />}
      {items === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {items?.length === 0 && (
        <EmptyState title="No transfer fits" description="Nothing of this kind was seen in the traffic so far." />
      )}
      {items !== undefined && items.length > 0 && <TransferTable transfers={items} />}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}

function TransferTable({ transfers }: { transfers: readonly DataTransfer[] }) {
  const holders = useAddressHolders();
  const kinds = new Map(useKinds().data?.items.map((kind) => [kind.id, kind]));
  const rules = new Map(usePolicy().data?.rules.map((rule) => [rule.id, rule]));
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table aria-label="Transfers, newest first" verticalSpacing={6}>
        <TableHead
          columns={['When', 'What', 'From', 'To', 'Over', { title: 'Sent', isNumber: true }, 'Judgement', 'Seen in']}
        />
        <Table.Tbody>
          {transfers.map((each) => {
            const rule = rules.get(each.rule ?? '');
            const name = kinds.get(each.cloudService ?? '')?.title ?? each.receiverName;
            return (
              <Table.Tr key={each.id}>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    <TimeText time={each.lastSeen} />
                    {each.isSample && <SampleBadge />}
                  </Group>
                </Table.Td>
                <Table.Td>
                  {whatOf(each, kinds).map((line) => (
                    <Text key={line} size="sm">
                      {line}
                    </Text>
                  ))}
                </Table.Td>
                <Table.Td>
                  <HolderText ip={each.senderIp} holder={holders.get(each.senderIp)} />
                </Table.Td>
                <Table.Td miw={150}>
                  {name !== '' && <Text size="sm">{name}</Text>}
                  <HolderText ip={each.receiverIp} holder={holders.get(each.receiverIp)} />
                  <Text size="xs" c="dimmed">
                    {placeWords(each.receiverPlace)}
                  </Text>
                </Table.Td>
                <Table.Td>{each.protocol}</Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                  {formatBytes(each.bytes)}
                </Table.Td>
                <Table.Td maw={320}>
                  {rule === undefined || each.severity === null ? (
                    <Text size="sm" c="dimmed">
                      noted
                    </Text>
                  ) : (
                    <>
                      <SeverityBadge severity={each.severity} />
                      <Text size="sm">{rule.title}</Text>
                      <Text size="xs" c="dimmed">
                        {rule.advice}
                      </Text>
                    </>
                  )}
                </Table.Td>
                <Table.Td>
                  <PacketText packet={each.packet} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function whatOf(transfer: DataTransfer, kinds: Parameters<typeof countWords>[1]): readonly string[] {
  const words = countWords(transfer.counts, kinds);
  if (words.length > 0) return words;
  return [transfer.cloudService === null ? 'a clinical protocol' : 'an upload, encrypted'];
}
