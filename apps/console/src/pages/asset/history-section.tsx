import { Button, Text, Timeline } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { IconArrowBackUp } from '@tabler/icons-react';
import { ErrorText } from '../../components/error-text.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type HistoryItem, useAssetHistory, useUndo } from './queries.ts';
import { Section } from './section.tsx';

const ACTION_TITLES: Readonly<Record<string, string>> = {
  discovered: 'Discovered',
  changed: 'Changed',
  stated: 'Stated by a person',
  merged: 'Merged',
  split: 'Split',
  undone: 'Taken back',
  imported: 'Imported',
};

/** Since when, what changed, and by whom; the last change of a person can be taken back. */
export function HistorySection({ asset, mayWrite }: { asset: Asset; mayWrite: boolean }) {
  const { data, error, isPending } = useAssetHistory(asset.id);
  const undo = useUndo(asset.id);
  const canUndo = mayWrite && data?.some((item) => item.canUndo) === true;
  return (
    <Section
      title="Since when, and what changed?"
      aside={
        canUndo && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            loading={undo.isPending}
            onClick={() => undo.mutate()}
          >
            Undo the last change
          </Button>
        )
      }
    >
      <ErrorText error={error ?? undo.error} />
      {isPending && <Text size="sm">Loading the history …</Text>}
      {data !== undefined && <History items={data} />}
    </Section>
  );
}

function History({ items }: { items: readonly HistoryItem[] }) {
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Nothing has changed since it was found.
      </Text>
    );
  }
  return (
    <Timeline bulletSize={14} lineWidth={2} active={items.length}>
      {items.map((item) => (
        <Timeline.Item key={item.sequence} title={ACTION_TITLES[item.action] ?? item.action}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {item.detail}
          </Text>
          <Text size="xs" c="dimmed">
            <TimeText time={item.time} /> by {item.by === 'sphinx' ? 'SPHINX' : item.by}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
