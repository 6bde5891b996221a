import {
  Alert,
  Anchor,
  Button,
  Card,
  Group,
  List,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import type { CheckOutcome, Verification } from '@sphinx/schema';
import { IconFileTypeHtml, IconFileTypePdf } from '@tabler/icons-react';
import { useEffect } from 'react';
import { Link, useLocation, useNavigate, useParams, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SampleBadge, VerdictBadge } from '../../components/badges.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { useLatestVerification } from '../asset/queries.ts';
import { VerifyAgain } from '../asset/verdict-section.tsx';
import { CheckResults } from './check-results.tsx';
import { ComplianceSection, DifferenceSection } from './consequences.tsx';
import { OCCASIONS } from './occasions.ts';
import { countOutcomes, OUTCOME_ORDER, OUTCOMES, readOutcome } from './outcomes.ts';
import { useVerification } from './queries.ts';

/** Why did this asset get this verdict? */
export default function VerificationPage() {
  const { id = '' } = useParams();
  const { data: verification, error, isPending, refetch } = useVerification(id);
  if (isPending) return <LoadingState what="the verification" />;
  if (verification === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const isCandidate = isOfCandidate(verification);
  return (
    <Stack gap="md">
      <Head verification={verification} />
      {!isCandidate && <NewerOne verification={verification} />}
      <Reasons verification={verification} />
      <Checks verification={verification} />
      {!isCandidate && <DifferenceSection verificationId={verification.id} />}
      <ComplianceSection verificationId={verification.id} />
    </Stack>
  );
}

function Head({ verification }: { verification: Verification }) {
  const navigate = useNavigate();
  const mayVerify = useMay('verification:write');
  const report = `/api/v1/verifications/${encodeURIComponent(verification.id)}/report`;
  return (
    <div>
      <PageHeader
        title={`Verification of ${verification.assetName}`}
        actions={
          <>
            <Button
              component="a"
              href={`${report}?format=pdf`}
              download
              variant="default"
              leftSection={<IconFileTypePdf size={16} aria-hidden />}
            >
              Report (PDF)
            </Button>
            <Button
              component="a"
              href={`${report}?format=html`}
              target="_blank"
              rel="noreferrer"
              variant="default"
              leftSection={<IconFileTypeHtml size={16} aria-hidden />}
            >
              Report (HTML)
            </Button>
            {mayVerify && !isOfCandidate(verification) && (
              <VerifyAgain
                assetId={verification.assetId}
                onVerified={(next) => navigate(`/verifications/${encodeURIComponent(next)}`)}
              />
            )}
          </>
        }
      />
      <Group gap="xs">
        <VerdictBadge verdict={verification.verdict} />
        {verification.isSample && <SampleBadge />}
        <Text size="sm" c="dimmed">
          <TimeText time={verification.time} />, by the policy “{verification.policy.title}” version{' '}
          {verification.policy.version}
          {verification.occasion !== undefined && `, on the occasion “${OCCASIONS[verification.occasion]}”`}
          {verification.startedBy !== undefined && `, asked for by ${verification.startedBy}`}
          {verification.startedBecause !== undefined && `: ${verification.startedBecause}`}
        </Text>
      </Group>
    </div>
  );
}

/** A product before purchase is judged on documents; there is no device of it. */
function isOfCandidate({ occasion }: Verification): boolean {
  return occasion === 'before-purchase';
}

/** A past verdict must not be taken for the present one. */
function NewerOne({ verification }: { verification: Verification }) {
  const { data: latest } = useLatestVerification(verification.assetId);
  if (latest === undefined || latest === null || latest.id === verification.id || latest.time < verification.time)
    return null;
  return (
    <Alert variant="outline" color="blue" title="There is a newer verification of this asset">
      <Anchor component={Link} to={`/verifications/${encodeURIComponent(latest.id)}`} size="sm" underline="always">
        Open the verdict of <TimeText time={latest.time} />
      </Anchor>
    </Alert>
  );
}

function Reasons({ verification }: { verification: Verification }) {
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Why this verdict?
      </Title>
      <List size="sm">
        {verification.reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      {verification.conditions.length > 0 && (
        <>
          <Title order={3} size="h5" mt="md" mb="xs">
            It may stay while this holds
          </Title>
          <List size="sm">
            {verification.conditions.map((condition) => (
              <List.Item key={condition}>{condition}</List.Item>
            ))}
          </List>
        </>
      )}
      <Group gap="md" mt="md">
        {isOfCandidate(verification) ? (
          <Anchor component={Link} to="/candidates" size="sm">
            Products before purchase
          </Anchor>
        ) : (
          <Anchor component={Link} to={`/assets/${encodeURIComponent(verification.assetId)}`} size="sm">
            Asset {verification.assetName}
          </Anchor>
        )}
        {verification.certificateId === undefined ? (
          <Text size="sm" c="dimmed">
            This verdict earned no certificate.
          </Text>
        ) : (
          <Anchor component={Link} to={`/certificates/${encodeURIComponent(verification.certificateId)}`} size="sm">
            Certificate
          </Anchor>
        )}
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          Evidence SHA-256 <code>{verification.evidenceDigest}</code>
        </Text>
      </Group>
    </Card>
  );
}

function Checks({ verification }: { verification: Verification }) {
  const [parameters, setParameters] = useSearchParams();
  const { hash } = useLocation();
  const counts = countOutcomes(verification.results);
  const usual: CheckOutcome = counts.fail > 0 ? 'fail' : 'pass';
  const named = verification.results.find(({ checkId }) => `#${checkId}` === hash);
  const outcome = named?.outcome ?? readOutcome(parameters.get('outcome')) ?? usual;
  const search = parameters.get('search') ?? '';
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = verification.results.filter(
    (result) =>
      result.outcome === outcome &&
      words.every((word) => `${result.checkId} ${result.title} ${result.reason}`.toLowerCase().includes(word)),
  );
  useEffect(() => {
    if (hash !== '') document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'start' });
  }, [hash]);
  const choose = (change: { outcome?: string; search?: string }) => {
    const next = { outcome, search, ...change };
    setParameters({ outcome: next.outcome, ...(next.search === '' ? {} : { search: next.search }) }, { replace: true });
  };
  return (
    <section aria-label="Checks">
      <Group justify="space-between" mb="sm">
        <SegmentedControl
          value={outcome}
          onChange={(value) => choose({ outcome: value })}
          aria-label="Which results"
          data={OUTCOME_ORDER.map((one) => ({ value: one, label: `${OUTCOMES[one].title} (${counts[one]})` }))}
        />
        <TextInput
          aria-label="Search the checks"
          placeholder="Search the checks"
          value={search}
          onChange={(event) => choose({ search: event.currentTarget.value })}
        />
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {OUTCOMES[outcome].meaning}
      </Text>
      {shown.length === 0 ? (
        <Text size="sm">No check here.</Text>
      ) : (
        <CheckResults results={shown} opened={named?.checkId} />
      )}
    </section>
  );
}
