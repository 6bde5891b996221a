import { Button, Group, Text } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { Link } from 'react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { ViewTabs } from '../../components/view-tabs.tsx';
import { ChangesView } from './changes-view.tsx';
import { ExceptionsView } from './exceptions-view.tsx';
import { GroupsView } from './groups-view.tsx';
import { useWeaknessSummary } from './queries.ts';
import { RankedView } from './ranked-view.tsx';
import { RulesOfDecision } from './rules-of-decision.tsx';
import { SummaryTiles } from './summary-tiles.tsx';

const VIEWS = [
  { id: 'ranked', title: 'What to do first', view: RankedView },
  { id: 'groups', title: 'By device, ward, maker', view: GroupsView },
  { id: 'changes', title: 'What changed', view: ChangesView },
  { id: 'exceptions', title: 'Exceptions', view: ExceptionsView },
  { id: 'decision', title: 'How it is decided', view: RulesOfDecision },
] as const;

/** Which known weaknesses are here, and which of them matter? */
export default function WeaknessesPage() {
  const summary = useWeaknessSummary().data;
  return (
    <>
      <PageHeader
        title="Weaknesses"
        description="Published weaknesses that devices here have, or may have because their version is not known; those first that matter most for patients. Comparing sends nothing to any device."
        actions={
          <Group gap="xs">
            <Button
              component={Link}
              to="/weaknesses/report"
              variant="default"
              leftSection={<IconPrinter size={16} aria-hidden />}
            >
              Report
            </Button>
            <Button component={Link} to="/software" variant="default">
              Software lists
            </Button>
            <Button component={Link} to="/feeds" variant="default">
              Feeds
            </Button>
          </Group>
        }
      />
      {summary?.isMatching === true && (
        <Text size="sm" role="status" mb="xs">
          Devices are being compared with new advisories; figures follow by themselves.
        </Text>
      )}
      {summary !== undefined && <SummaryTiles summary={summary} />}
      <ViewTabs views={VIEWS} label="How to look at weaknesses" keeps="none">
        {({ view: View }) => <View />}
      </ViewTabs>
    </>
  );
}
