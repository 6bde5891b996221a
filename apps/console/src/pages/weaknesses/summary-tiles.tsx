import { SimpleGrid } from '@mantine/core';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { StatTile } from '../../components/stat-tile.tsx';
import type { WeaknessSummary } from './queries.ts';

/** What a person wants to know first. */
export function SummaryTiles({ summary }: { summary: WeaknessSummary }) {
  const { decisions, findings, assets, assessedAssets, knownExploited, overdue } = summary;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} mb="md">
      <StatTile
        title="To act on"
        value={formatCount(decisions.act)}
        comparison={`and ${formatCount(decisions.attend)} to attend to, of ${formatQuantity(findings, 'open finding')}`}
        to="/weaknesses?decision=act"
      />
      <StatTile
        title="Known to be exploited"
        value={formatCount(knownExploited)}
        comparison="attackers use them, says CISA"
        to="/weaknesses?knownExploited=true"
      />
      <StatTile
        title="Overdue"
        value={formatCount(overdue)}
        comparison="later than the policy allows"
        to="/weaknesses?overdue=true"
      />
      <StatTile
        title="Devices concerned"
        value={formatCount(assets)}
        comparison={`of ${formatQuantity(assessedAssets, 'device')} compared`}
        to="/weaknesses?view=groups&by=asset"
      />
    </SimpleGrid>
  );
}
