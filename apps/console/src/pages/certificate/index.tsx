import {
  Alert,
  Anchor,
  Button,
  Card,
  Code,
  Grid,
  Group,
  Image,
  List,
  ScrollArea,
  Spoiler,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import type { CertificateRecord } from '@sphinx/schema';
import { IconBan, IconDownload } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SampleBadge, VerdictBadge } from '../../components/badges.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime, TimeText } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { useCertificate } from '../certificates/queries.ts';
import { CERTIFICATE_STATES, CertificateBadge } from '../certificates/status.tsx';
import { DifferenceSection } from '../verification/consequences.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { readClaims } from './statement.ts';

/** What does this certificate say, and does it hold? */
export default function CertificatePage() {
  const { id = '' } = useParams();
  const { data: certificate, error, isPending, refetch } = useCertificate(id);
  if (isPending) return <LoadingState what="the certificate" />;
  if (certificate === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <Stack gap="md">
      <Head certificate={certificate} />
      {certificate.status === 'revoked' && <Revocation certificate={certificate} />}
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Register certificate={certificate} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Claims certificate={certificate} />
        </Grid.Col>
      </Grid>
      <Grid>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <DifferenceSection verificationId={certificate.verificationId} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <PublicCode certificate={certificate} />
        </Grid.Col>
      </Grid>
      <Offline certificate={certificate} />
    </Stack>
  );
}

function Head({ certificate }: { certificate: CertificateRecord }) {
  const [isRevoking, setRevoking] = useState(false);
  const mayRevoke = useMay('certificates:revoke');
  return (
    <div>
      <PageHeader
        title={`Certificate of ${certificate.assetName}`}
        actions={
          <>
            <Button
              component="a"
              href={`/api/v1/certificates/${encodeURIComponent(certificate.id)}/envelope`}
              download
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              Download
            </Button>
            {mayRevoke && certificate.status === 'valid' && (
              <Button
                variant="default"
                leftSection={<IconBan size={16} aria-hidden />}
                onClick={() => setRevoking(true)}
              >
                Revoke
              </Button>
            )}
          </>
        }
      />
      <Group gap="xs">
        <CertificateBadge status={certificate.status} />
        {certificate.isSample && <SampleBadge />}
        <Text size="sm" c="dimmed">
          {CERTIFICATE_STATES[certificate.status].meaning}
        </Text>
      </Group>
      <RevokeDialog certificate={certificate} isOpen={isRevoking} onClose={() => setRevoking(false)} />
    </div>
  );
}

function Revocation({ certificate }: { certificate: CertificateRecord }) {
  return (
    <Alert variant="outline" color="red" icon={<IconBan aria-hidden />} title="Revoked">
      {certificate.revocationReason ?? 'No reason was given.'}
      {certificate.revokedAt !== undefined && (
        <>
          {' '}
          (<TimeText time={certificate.revokedAt} />)
        </>
      )}
    </Alert>
  );
}

function Register({ certificate }: { certificate: CertificateRecord }) {
  return (
    <Section title="In the register">
      <Rows label="In the register">
        <Row title="Asset">
          <Anchor component={Link} to={`/assets/${encodeURIComponent(certificate.assetId)}`} size="sm">
            {certificate.assetName}
          </Anchor>
        </Row>
        <Row title="Verdict">
          <VerdictBadge verdict={certificate.verdict} />
        </Row>
        <Row title="Issued">
          {formatTime(certificate.issuedAt)} (<TimeText time={certificate.issuedAt} />)
        </Row>
        <Row title="Valid until">
          {formatTime(certificate.expiresAt)} (<TimeText time={certificate.expiresAt} />)
        </Row>
        <Row title="Based on">
          <Anchor component={Link} to={`/verifications/${encodeURIComponent(certificate.verificationId)}`} size="sm">
            The verification with all its checks
          </Anchor>
        </Row>
        <Row title="Others">
          <Anchor component={Link} to={`/certificates?asset=${encodeURIComponent(certificate.assetId)}`} size="sm">
            All certificates of this asset
          </Anchor>
        </Row>
        <Row title="Number">
          <Code>{certificate.id}</Code>
        </Row>
        <Row title="Signing key">
          <Code>{certificate.keyId}</Code>
        </Row>
      </Rows>
    </Section>
  );
}

function Claims({ certificate }: { certificate: CertificateRecord }) {
  const claims = readClaims(certificate);
  if (claims === undefined) {
    return (
      <Section title="What it says">
        <Text size="sm">The signed content cannot be read here. Download it and check it offline.</Text>
      </Section>
    );
  }
  return (
    <Section title="What it says">
      <Rows label="What it says">
        <Row title="Addresses">
          <Text size="sm" ff="monospace">
            {[...claims.ips, ...claims.macs].join(', ') || 'none'}
          </Text>
        </Row>
        <Row title="Policy">{claims.policy}</Row>
        <Row title="Checks">
          {claims.checks.pass} passed, {claims.checks.fail} failed, {claims.checks['not-observed']} not observed,{' '}
          {claims.checks['not-applicable']} not applicable
        </Row>
        <Row title="Reasons">
          <Lines lines={claims.reasons} />
        </Row>
        {claims.conditions.length > 0 && (
          <Row title="Conditions">
            <Lines lines={claims.conditions} />
          </Row>
        )}
        <Row title="Evidence SHA-256">
          <Code style={{ overflowWrap: 'anywhere' }}>{claims.evidenceDigest}</Code>
        </Row>
      </Rows>
    </Section>
  );
}

function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <List size="sm">
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}

function Rows({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Table withRowBorders={false} verticalSpacing={4} aria-label={label}>
      <Table.Tbody>{children}</Table.Tbody>
    </Table>
  );
}

function Row({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={140} fw={500} style={{ verticalAlign: 'top' }}>
        {title}
      </Table.Th>
      <Table.Td>{children}</Table.Td>
    </Table.Tr>
  );
}

/** For whoever stands before the device and has no account. */
function PublicCode({ certificate }: { certificate: CertificateRecord }) {
  const { id, publicCode } = certificate;
  if (publicCode === undefined) {
    return (
      <Section title="For others">
        <Text size="sm">This certificate has no public code; the next one has.</Text>
      </Section>
    );
  }
  const page = `/api/v1/public/certificates/${encodeURIComponent(publicCode)}`;
  return (
    <Section title="For others">
      <Group wrap="nowrap" align="start">
        <Image
          src={`/api/v1/certificates/${encodeURIComponent(id)}/qr`}
          alt="QR code of the public page of this certificate"
          w={140}
          h={140}
          bg="white"
        />
        <Text size="sm">
          Print this code on the label of the device. It opens a{' '}
          <Anchor href={page} target="_blank" rel="noreferrer" inherit underline="always">
            page without log-in
          </Anchor>{' '}
          that says whether the certificate holds today, and nothing else of the device.
        </Text>
      </Group>
    </Section>
  );
}

function Offline({ certificate }: { certificate: CertificateRecord }) {
  const claims = readClaims(certificate);
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Check it without SPHINX’ server
      </Title>
      <Text size="sm" mb="xs">
        Download the file and run this command. It exits with an error for a certificate that was changed, is out of its
        time or was revoked.
      </Text>
      <Code block>npx sphinx certificate check {certificate.id}.dsse.json</Code>
      {claims !== undefined && (
        <Spoiler maxHeight={0} showLabel="Show the signed statement" hideLabel="Hide the signed statement" mt="sm">
          <ScrollArea.Autosize mah={400} viewportProps={{ tabIndex: 0, 'aria-label': 'Signed statement' }}>
            <Code block>{claims.text}</Code>
          </ScrollArea.Autosize>
        </Spoiler>
      )}
    </Card>
  );
}
