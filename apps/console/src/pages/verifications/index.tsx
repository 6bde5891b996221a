import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { formatCount } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { useVerificationSummary, useVerifications } from './queries.ts';
import { VerdictCards, WorstChecks } from './summary.tsx';
import { readVerdict, VERDICT_ORDER, VERDICTS } from './verdicts.ts';
import { VerificationTable } from './verification-table.tsx';

const ALL = 'all';

/** Which assets can be trusted, and what fails most? */
export default function VerificationsPage() {
  const [parameters, setParameters] = useSearchParams();
  const verdict = readVerdict(parameters.get('verdict'));
  const check = parameters.get('check');
  const summary = useVerificationSummary();
  const choose = (value: string) => setParameters(value === ALL ? {} : { verdict: value });
  const judged = summary.data === undefined ? 0 : VERDICT_ORDER.reduce((sum, one) => sum + (summary.data[one] ?? 0), 0);
  return (
    <>
      <PageHeader
        title="Verification"
        description="Every asset is judged by itself when it appears and whenever something material changes. Nothing is asked of the network."
      />
      {summary.isPending && <LoadingState what="the verdicts" />}
      {summary.error !== null && summary.data === undefined && (
        <ErrorState error={summary.error} onRetry={summary.refetch} />
      )}
      {summary.data !== undefined && judged === 0 && <NothingYet />}
      {summary.data !== undefined && judged > 0 && (
        <>
          <VerdictCards summary={summary.data} />
          <WorstChecks checks={summary.data.topFailedChecks} />
          <SegmentedControl
            my="md"
            value={verdict ?? ALL}
            onChange={choose}
            aria-label="Which verdicts"
            data={[
              { value: ALL, label: `All (${formatCount(judged)})` },
              ...VERDICT_ORDER.map((one) => ({
                value: one,
                label: `${VERDICTS[one].title} (${formatCount(summary.data[one] ?? 0)})`,
              })),
            ]}
          />
          <VerificationList verdict={verdict} check={check} />
        </>
      )}
    </>
  );
}

function NothingYet() {
  return (
    <EmptyState
      title="Nothing verified yet"
      description="The first verdicts come within seconds of the first traffic. Add a capture file, a folder or a network interface, or look around with sample traffic."
      action={
        <Button component={Link} to="/sources" leftSection={<IconPlus size={16} aria-hidden />}>
          Add a traffic source
        </Button>
      }
    />
  );
}

function VerificationList({ verdict, check }: { verdict: ReturnType<typeof readVerdict>; check: string | null }) {
  const list = useVerifications({ verdict, check });
  if (list.isPending) return <LoadingState what="the verifications" />;
  if (list.data === undefined) return <ErrorState error={list.error} onRetry={list.refetch} />;
  const items = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      {check !== null && (
        <Group mb="sm">
          <Text size="sm">
            Only assets that fail <b>{check}</b>
          </Text>
          <Button component={Link} to="/verifications" size="compact-sm" variant="subtle">
            Show all
          </Button>
        </Group>
      )}
      {items.length === 0 ? (
        <EmptyState title="None" description="No asset has this verdict at present." />
      ) : (
        <VerificationTable items={items} />
      )}
      {list.hasNextPage && (
        <Button mt="md" variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
