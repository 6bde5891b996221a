import { Anchor, Switch, Table, Text } from '@mantine/core';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { FeedHealthBadge } from './feed-words.tsx';
import { changeFeed, type Feed, useFeedChange } from './queries.ts';

/** Feeds that have or had something first, then the others. */
export function FeedTable(props: { feeds: readonly Feed[]; mayWrite: boolean; onOpen: (id: string) => void }) {
  const { feeds, mayWrite, onOpen } = props;
  const change = useFeedChange(changeFeed);
  const isUsed = ({ isEnabled, health }: Feed) => isEnabled || health !== 'empty';
  const ordered = [...feeds].sort((a, b) => Number(isUsed(b)) - Number(isUsed(a)) || a.title.localeCompare(b.title));
  return (
    <>
      <ErrorText error={change.error} />
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Feeds" highlightOnHover>
          <TableHead columns={['Feed', 'On', 'State', { title: 'Entries', isNumber: true }, 'As of', 'Fetched next']} />
          <Table.Tbody>
            {ordered.map((feed) => (
              <Table.Tr key={feed.id}>
                <Table.Td>
                  <Anchor component="button" type="button" size="sm" fw={600} ta="left" onClick={() => onOpen(feed.id)}>
                    {feed.title}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {feed.publisher}
                    {feed.isOwn && ' · defined here'}
                  </Text>
                  {feed.message !== '' && (
                    <Text size="xs" c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
                      {feed.message}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {feed.isFetched ? (
                    <Switch
                      aria-label={`${feed.title} is fetched by itself`}
                      checked={feed.isEnabled}
                      disabled={!mayWrite || change.isPending}
                      onChange={() => change.mutate({ id: feed.id, isEnabled: !feed.isEnabled })}
                    />
                  ) : (
                    <Text size="xs" c="dimmed">
                      files only
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <FeedHealthBadge health={feed.health} />
                </Table.Td>
                <Table.Td ta="right">{feed.health === 'empty' ? '' : formatCount(feed.entries)}</Table.Td>
                <Table.Td>{feed.confirmedMs === null ? 'never' : <TimeText time={feed.confirmedMs} />}</Table.Td>
                <Table.Td>{feed.nextMs === null ? 'not by itself' : <NextText time={feed.nextMs} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function NextText({ time }: { time: number }) {
  return time <= Date.now() ? <>as soon as possible</> : <TimeText time={time} />;
}
