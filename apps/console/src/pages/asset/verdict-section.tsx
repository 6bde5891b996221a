import { Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import type { Asset, Verification } from '@sphinx/schema';
import { IconCertificate, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useServicesOff } from '../../api/services.ts';
import { useMay } from '../../api/session.ts';
import { SeverityBadge, VerdictBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { OCCASIONS, useVerify } from '../verification/occasions.ts';
import { VerifyDialog } from '../verification/verify-dialog.tsx';
import { useLatestVerification } from './queries.ts';
import { Section } from './section.tsx';

const SHOWN_CHECKS = 5;

/** Can it be trusted? With the checks that failed and the way to the certificate. */
export function VerdictSection({ asset }: { asset: Asset }) {
  const { data: verification, error, isPending } = useLatestVerification(asset.id);
  const mayVerify = useMay('verification:write');
  const off = useServicesOff().get('device-verification');
  if (off !== undefined) {
    return (
      <Section title="Can it be trusted?">
        <Text size="sm">
          {off.title} is off.{' '}
          <Anchor component={Link} to="/toolbox" inherit underline="always">
            Switch it on in the toolbox
          </Anchor>{' '}
          to have this asset judged.
        </Text>
      </Section>
    );
  }
  return (
    <Section title="Can it be trusted?" aside={mayVerify && <VerifyAgain assetId={asset.id} />}>
      {isPending && <Text size="sm">Loading the verdict …</Text>}
      <ErrorText error={error} />
      {verification === null && (
        <Text size="sm">It has not been verified yet. That happens by itself within seconds of its first traffic.</Text>
      )}
      {verification !== undefined && verification !== null && <VerdictAnswer verification={verification} />}
    </Section>
  );
}

export function VerifyAgain({ assetId, onVerified }: { assetId: string; onVerified?: (id: string) => void }) {
  const verify = useVerify();
  const [isChoosing, setChoosing] = useState(false);
  return (
    <Group gap="xs">
      <ErrorText error={verify.error} />
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={verify.isPending}
        onClick={() =>
          verify.mutate(
            { assetId, occasion: 'periodic', declarations: [] },
            { onSuccess: ({ id }) => onVerified?.(id) },
          )
        }
      >
        Verify again
      </Button>
      <Button size="xs" variant="default" onClick={() => setChoosing(true)}>
        On an occasion …
      </Button>
      <VerifyDialog assetId={assetId} isOpen={isChoosing} onClose={() => setChoosing(false)} onVerified={onVerified} />
    </Group>
  );
}

function VerdictAnswer({ verification }: { verification: Verification }) {
  const failed = verification.results.filter(({ outcome }) => outcome === 'fail');
  const page = `/verifications/${encodeURIComponent(verification.id)}`;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <VerdictBadge verdict={verification.verdict} />
        <Text size="sm">
          <TimeText time={verification.time} />, by the policy “{verification.policy.title}”
          {verification.occasion !== undefined && `, on the occasion “${OCCASIONS[verification.occasion]}”`}
          {verification.startedBecause !== undefined && `: ${verification.startedBecause}`}
        </Text>
      </Group>
      {failed.length === 0 ? (
        <Text size="sm">{verification.reasons[0] ?? 'No check failed.'}</Text>
      ) : (
        <>
          <Text size="sm" fw={600}>
            {failed.length} {failed.length === 1 ? 'check' : 'checks'} failed
          </Text>
          <List size="sm" spacing={4}>
            {failed.slice(0, SHOWN_CHECKS).map((result) => (
              <List.Item key={result.checkId}>
                <SeverityBadge severity={result.severity} />{' '}
                <Anchor component={Link} to={`${page}#${result.checkId}`} inherit>
                  {result.title}
                </Anchor>
              </List.Item>
            ))}
          </List>
          {failed.length > SHOWN_CHECKS && <Text size="sm">and {failed.length - SHOWN_CHECKS} more</Text>}
        </>
      )}
      <Group gap="md">
        <Anchor component={Link} to={page} size="sm">
          All checks with their evidence
        </Anchor>
        {verification.certificateId === undefined ? (
          <Text size="sm" c="dimmed">
            No certificate with this verdict
          </Text>
        ) : (
          <Anchor component={Link} to={`/certificates/${encodeURIComponent(verification.certificateId)}`} size="sm">
            <IconCertificate size={14} aria-hidden /> Certificate
          </Anchor>
        )}
      </Group>
    </Stack>
  );
}
