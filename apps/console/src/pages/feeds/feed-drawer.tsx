import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { SectionTitle } from '../../components/section-title.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { FeedAddress } from './feed-address.tsx';
import { AUTHORITIES, FeedHealthBadge, ORIGINS } from './feed-words.tsx';
import { clearFeed, type Feed, removeFeed, undoFeed } from './queries.ts';

interface Work {
  onPull: (id: string) => void;
  /** Told the job that was started. */
  onStart: (job: string) => void;
}

/** One feed: what it is, what it gave, and what can be done with it. */
export function FeedDrawer(
  props: Work & { feeds: readonly Feed[]; id: string | null; mayWrite: boolean; onClose: () => void },
) {
  const { feeds, id, mayWrite, onClose, ...work } = props;
  return (
    <DetailDrawer title="One feed" id={id} onClose={onClose}>
      {(open) => {
        const feed = feeds.find((one) => one.id === open);
        return feed === undefined ? <Text>There is no such feed.</Text> : <OneFeed {...{ feed, mayWrite, ...work }} />;
      }}
    </DetailDrawer>
  );
}

function OneFeed({ feed, mayWrite, onPull, onStart }: Work & { feed: Feed; mayWrite: boolean }) {
  return (
    <Stack>
      {feed.message !== '' && (
        <Alert color="red" variant="outline" title="The last attempt failed">
          {feed.message} What there was before is still in use.
        </Alert>
      )}
      <FeedFacts feed={feed} />
      {feed.leftOutCount > 0 && <LeftOut feed={feed} />}
      {mayWrite && <Actions feed={feed} onPull={onPull} onStart={onStart} />}
      {mayWrite && feed.isFetched && (
        <>
          <SectionTitle>How it is reached</SectionTitle>
          <FeedAddress key={feed.id} feed={feed} />
        </>
      )}
    </Stack>
  );
}

function FeedFacts({ feed }: { feed: Feed }) {
  return (
    <FactTable label="The feed">
      <Fact title="Feed">
        {feed.title} <FeedHealthBadge health={feed.health} />
      </Fact>
      <Fact title="Publisher">{feed.publisher}</Fact>
      <Fact title="Who speaks">{AUTHORITIES[feed.authority]}</Fact>
      <Fact title="In use">{currentText(feed)}</Fact>
      <Fact title="Confirmed">{feed.confirmedMs === null ? 'never' : <TimeText time={feed.confirmedMs} />}</Fact>
      {feed.isFetched && (
        <Fact title="Fetched">{`every ${formatQuantity(feed.intervalHours, 'hour')}, when it is on`}</Fact>
      )}
      {feed.url !== null && <Fact title="Address">{feed.url}</Fact>}
      <Fact title="Proved by">
        {feed.trust === 'checksum'
          ? 'the certificate of the server, and the checksum beside each document'
          : 'the certificate of the server'}
      </Fact>
      <Fact title="Licence">
        {feed.licence.id}
        {feed.licence.url !== null && `, ${feed.licence.url}`}
        {feed.licence.notice !== null && (
          <Text size="xs" c="dimmed">
            {feed.licence.notice}
          </Text>
        )}
      </Fact>
      <Fact title="Described by">{feed.sources.map(({ title, url }) => `${title}, ${url}`).join('; ')}</Fact>
    </FactTable>
  );
}

function currentText({ current, entries }: Feed) {
  if (current === null) return 'Nothing yet.';
  return (
    <>
      {formatQuantity(entries, 'entry', 'entries')}, {ORIGINS[current.origin]} {current.from},{' '}
      {formatBytes(current.sizeBytes)}
      <Text size="xs" c="dimmed" ff="monospace">
        {current.revision}
      </Text>
    </>
  );
}

function LeftOut({ feed: { leftOut, leftOutCount } }: { feed: Feed }) {
  return (
    <Alert color="yellow" variant="outline" title={`${formatQuantity(leftOutCount, 'document')} could not be read`}>
      <List size="sm">
        {leftOut.map(({ place, reason }) => (
          <List.Item key={place} style={{ overflowWrap: 'anywhere' }}>
            {place}: {reason}
          </List.Item>
        ))}
      </List>
      {leftOutCount > leftOut.length && <Text size="sm">and {formatCount(leftOutCount - leftOut.length)} more</Text>}
    </Alert>
  );
}

function Actions({ feed, onPull, onStart }: Work & { feed: Feed }) {
  const undo = useMutation({ mutationFn: undoFeed, onSuccess: ({ job }) => onStart(job) });
  return (
    <>
      <ErrorText error={undo.error} />
      <Group gap="xs">
        {feed.isFetched && (
          <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => onPull(feed.id)}>
            Update now
          </Button>
        )}
        {feed.previous !== null && (
          <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate(feed.id)}>
            Undo the last change
          </Button>
        )}
        {feed.current !== null && (
          <ConfirmButton
            variant="default"
            question={`Take ${feed.title} out of use?`}
            consequence="Weaknesses that only it tells of are closed. Undo brings it back."
            confirmLabel="Take it out"
            onConfirm={async () => onStart((await clearFeed(feed.id)).job)}
          >
            Take out of use
          </ConfirmButton>
        )}
        {feed.isOwn && (
          <ConfirmButton
            variant="default"
            question={`Remove ${feed.title}?`}
            consequence="Its definition goes, with everything that it gave."
            confirmLabel="Remove"
            onConfirm={async () => onStart((await removeFeed(feed.id)).job)}
          >
            Remove
          </ConfirmButton>
        )}
      </Group>
    </>
  );
}
