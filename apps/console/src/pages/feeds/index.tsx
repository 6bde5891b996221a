import { Alert, Button, CloseButton, Group, List, Stack } from '@mantine/core';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { type Job, JobProgress } from '../../components/job-progress.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { useParameterChange, ViewTabs } from '../../components/view-tabs.tsx';
import { AddFeedDialog } from './add-feed-dialog.tsx';
import { BundlesView } from './bundles-view.tsx';
import { FeedDrawer } from './feed-drawer.tsx';
import { FeedTable } from './feed-table.tsx';
import { outcomeText } from './feed-words.tsx';
import { ImportFiles } from './import-files.tsx';
import { type Feed, type FeedOutcome, pullFeeds, useFeedChange, useFeeds } from './queries.ts';

const VIEWS = [
  { id: 'feeds', title: 'Feeds' },
  { id: 'bundles', title: 'Bundles for sites without internet' },
] as const;

/** Where does knowledge of weaknesses come from, how old is it, and is it sound? */
export default function FeedsPage() {
  const [parameters] = useSearchParams();
  const set = useParameterChange();
  const mayWrite = useMay('advisories:write');
  const { data: feeds, error, refetch } = useFeeds();
  const work = useWork();
  const [isAdding, setAdding] = useState(false);
  const pull = useFeedChange(pullFeeds);
  const startPull = (ids: readonly string[]) => pull.mutate(ids, { onSuccess: ({ job }) => work.watch(job) });
  const canPull = feeds?.some(({ isEnabled, isFetched }) => isEnabled && isFetched) ?? false;
  return (
    <>
      <PageHeader
        title="Feeds"
        description="Where knowledge of weaknesses comes from, how old it is and whether it is sound. Nothing is asked of the internet unless you switch a feed on; files and bundles work without it."
        actions={
          mayWrite && (
            <>
              <Button
                variant="default"
                leftSection={<IconPlus size={16} aria-hidden />}
                onClick={() => setAdding(true)}
              >
                Add a feed
              </Button>
              <Button
                leftSection={<IconRefresh size={16} aria-hidden />}
                disabled={!canPull}
                loading={pull.isPending}
                onClick={() => startPull([])}
              >
                Update all that are on
              </Button>
            </>
          )
        }
      />
      <Stack gap="md">
        <ErrorText error={pull.error} />
        {work.running.map((id) => (
          <JobProgress key={id} id={id} onEnd={work.end} onDismiss={() => work.forget(id)} />
        ))}
        <Outcomes feeds={feeds ?? []} outcomes={work.outcomes} onDismiss={work.dismiss} />
        <ViewTabs views={VIEWS} label="Feeds and bundles">
          {({ id }) => {
            if (feeds === undefined)
              return error === null ? (
                <LoadingState what="the feeds" />
              ) : (
                <ErrorState error={error} onRetry={refetch} />
              );
            return id === 'bundles' ? (
              <BundlesView feeds={feeds} mayWrite={mayWrite} />
            ) : (
              <Stack gap="md">
                {mayWrite && <ImportFiles onStart={work.watch} />}
                <FeedTable feeds={feeds} mayWrite={mayWrite} onOpen={(feed) => set('feed', feed)} />
              </Stack>
            );
          }}
        </ViewTabs>
      </Stack>
      <FeedDrawer
        feeds={feeds ?? []}
        id={parameters.get('feed')}
        mayWrite={mayWrite}
        onClose={() => set('feed', null)}
        onPull={(id) => startPull([id])}
        onStart={work.watch}
      />
      {isAdding && <AddFeedDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function Outcomes(props: { feeds: readonly Feed[]; outcomes: readonly FeedOutcome[]; onDismiss: () => void }) {
  const { feeds, outcomes, onDismiss } = props;
  if (outcomes.length === 0) return null;
  const titles = new Map(feeds.map(({ id, title }) => [id, title]));
  const isBad = outcomes.some(({ outcome }) => outcome === 'failed');
  return (
    <Alert color={isBad ? 'red' : 'teal'} variant="outline" role="status">
      <Group justify="space-between" align="start" wrap="nowrap">
        <List size="sm" spacing={4}>
          {outcomes.map((one) => (
            <List.Item key={one.id} style={{ overflowWrap: 'anywhere' }}>
              {outcomeText(titles.get(one.id) ?? one.id, one)}
            </List.Item>
          ))}
        </List>
        <CloseButton aria-label="Dismiss what became of it" onClick={onDismiss} />
      </Group>
    </Alert>
  );
}

/** Jobs that were started here, and what became of them. */
function useWork() {
  const client = useQueryClient();
  const [running, setRunning] = useState<readonly string[]>([]);
  const [outcomes, setOutcomes] = useState<readonly FeedOutcome[]>([]);
  const forget = (id: string) => setRunning((ids) => ids.filter((one) => one !== id));
  return {
    running,
    outcomes,
    forget,
    watch: (id: string) => setRunning((ids) => [...ids, id]),
    end(job: Job) {
      void client.invalidateQueries({ queryKey: ['feeds'] });
      // A job that failed says why in its place.
      if (job.state !== 'succeeded') return;
      forget(job.id);
      const feeds = (job.result?.feeds ?? []) as readonly (FeedOutcome | string)[];
      setOutcomes(feeds.filter((feed): feed is FeedOutcome => typeof feed === 'object'));
    },
    dismiss: () => setOutcomes([]),
  };
}
