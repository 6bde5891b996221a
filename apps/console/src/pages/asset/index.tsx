import { Grid, Stack } from '@mantine/core';
import type { Asset } from '@sphinx/schema';
import { useParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { AssetHeader } from './asset-header.tsx';
import { BehaviourSection } from './behaviour-section.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { FactsSection } from './facts-section.tsx';
import { HistorySection } from './history-section.tsx';
import { PeersSection } from './peers-section.tsx';
import { Addresses, Conflicts } from './place-section.tsx';
import { useAsset } from './queries.ts';
import { ServicesSection } from './services-section.tsx';
import { VerdictSection } from './verdict-section.tsx';
import { WeaknessesSection } from './weaknesses-section.tsx';

/** What is it, where, whose, what does it run, whom does it talk to, since when, how do we know? */
export default function AssetPage() {
  const { id = '' } = useParams();
  const { data: asset, error, isPending, refetch } = useAsset(id);
  if (isPending) return <LoadingState what="the asset" />;
  if (asset === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return <AssetAnswers key={asset.id} asset={asset} />;
}

function AssetAnswers({ asset }: { asset: Asset }) {
  const mayWrite = useMay('assets:write');
  return (
    <Stack gap="md">
      <AssetHeader asset={asset} mayWrite={mayWrite} />
      <Conflicts asset={asset} />
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <FactsSection
            title="What is it?"
            asset={asset}
            names={[
              'kind',
              'manufacturer',
              'model',
              'serial',
              'clinicalFunction',
              'patientSafetyClass',
              'downtimeCost',
            ]}
            mayWrite={mayWrite}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <VerdictSection asset={asset} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <FactsSection title="Where is it?" asset={asset} names={['zone', 'location', 'careArea']} mayWrite={mayWrite}>
            <Addresses asset={asset} />
          </FactsSection>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="md" h="100%">
            <FactsSection title="Whose is it?" asset={asset} names={['owner']} mayWrite={mayWrite} />
            <FactsSection
              title="What does it run?"
              asset={asset}
              names={['operatingSystem', 'software']}
              mayWrite={mayWrite}
            />
          </Stack>
        </Grid.Col>
      </Grid>
      <WeaknessesSection asset={asset} />
      <BehaviourSection asset={asset} />
      <ServicesSection asset={asset} />
      <PeersSection asset={asset} />
      <HistorySection asset={asset} mayWrite={mayWrite} />
      <EvidenceSection asset={asset} />
    </Stack>
  );
}
