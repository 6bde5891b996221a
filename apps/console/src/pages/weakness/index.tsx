import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useParams } from 'react-router';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatQuantity } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { Section } from '../asset/section.tsx';
import { percentText } from '../weaknesses/weakness-words.tsx';
import { AdvisoriesSection } from './advisories-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { useWeakness, type WeaknessDetail } from './queries.ts';

/** What is it, who has it, what helps, and what is made of it? */
export default function WeaknessPage() {
  const { id = '' } = useParams();
  const { data, error, isPending, refetch } = useWeakness(id);
  if (isPending) return <LoadingState what="the weakness" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <Stack gap="md">
      <PageHeader title={data.weakness} description={data.title} />
      {data.isKnownExploited && (
        <Alert
          color="red"
          variant="outline"
          icon={<IconAlertTriangle aria-hidden />}
          title="Attackers are known to use it"
        >
          It is on CISA's list of known exploited vulnerabilities
          {data.isUsedByRansomware && ', and was used to spread ransomware'}.
        </Alert>
      )}
      <Section title="How bad is it in general?">
        <Facts detail={data} />
      </Section>
      <DevicesSection key={data.weakness} weakness={data.weakness} />
      <AdvisoriesSection advisories={data.advisories} />
    </Stack>
  );
}

const EXPLOITATION: Readonly<Record<WeaknessDetail['exploitation'], string>> = {
  none: 'No exploit is known.',
  poc: 'An exploit is public, or exploitation is predicted.',
  active: 'Attackers use it.',
};

function Facts({ detail }: { detail: WeaknessDetail }) {
  const { affected, possiblyAffected, baseScore, exploitProbability } = detail;
  return (
    <FactTable label="The weakness">
      <Fact title="Devices here">
        {affected === 0 && possiblyAffected === 0 ? 'none' : `${formatQuantity(affected, 'device')} for certain`}
        {possiblyAffected > 0 && `, ${formatQuantity(possiblyAffected, 'device')} whose version is not known`}
      </Fact>
      <Fact title="CVSS base score">{baseScore === null ? 'none given' : baseScore.toFixed(1)}</Fact>
      <Fact title="Exploitation">
        {EXPLOITATION[detail.exploitation]}
        {exploitProbability !== null &&
          ` EPSS: ${percentText(exploitProbability)} likely to be exploited within 30 days.`}
      </Fact>
      <Fact title="Attack">
        {detail.isAutomatable ? 'It can be automated.' : 'It cannot be automated.'}{' '}
        {detail.technicalImpact === 'total'
          ? 'It gives control of the component.'
          : 'It gives a part of the component.'}
      </Fact>
      <Fact title="Remedy">
        {detail.hasFix ? 'A source names a fix; see below.' : 'No source names a fix. Keep the device apart instead.'}
      </Fact>
      {detail.advisories.length === 0 && (
        <Fact title="Sources">
          <Text size="sm">No feed in use tells of it; a scanner reported it.</Text>
        </Fact>
      )}
    </FactTable>
  );
}
