import { Alert, Anchor, Card, List, Text, Title } from '@mantine/core';
import { IconCertificate, IconCertificateOff } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { ErrorText } from '../../components/error-text.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { type CertificateCheck, useCheckCertificate } from './queries.ts';

const MAXIMUM_BYTES = 5_000_000;

/** Is this certificate file genuine, unchanged, in time and not revoked? */
export function CheckFile() {
  const check = useCheckCertificate();
  const [name, setName] = useState('');
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    setName(file.name);
    check.mutate(parseEnvelope(await file.text()));
  };
  return (
    <Card withBorder component="section" padding="md">
      <Title order={2} size="h4" mb="xs">
        Check a certificate file
      </Title>
      <FileDrop
        label="Certificate file"
        invitation="Drop a certificate (.dsse.json) here, or press Enter to choose one"
        hint="It is checked here and kept nowhere."
        onFiles={([file]) => read(file)}
        maxFiles={1}
        maxSize={MAXIMUM_BYTES}
        loading={check.isPending}
      />
      <ErrorText error={check.error} />
      {check.data !== undefined && <Answer name={name} answer={check.data} />}
    </Card>
  );
}

/** What is no JSON goes to the API as text, which says in words what is wrong with it. */
function parseEnvelope(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const ANSWERS: Readonly<Record<CertificateCheck['status'], string>> = {
  valid: 'It holds',
  tampered: 'Do not rely on it: it was tampered with',
  'unknown-key': 'Do not rely on it: signed by an unknown key',
  expired: 'It does not hold: out of its time',
  revoked: 'It does not hold: revoked',
  malformed: 'This is no certificate',
};

function Answer({ name, answer }: { name: string; answer: CertificateCheck }) {
  const isValid = answer.status === 'valid';
  const predicate = answer.statement?.predicate;
  return (
    <Alert
      mt="sm"
      role="status"
      variant="outline"
      color={isValid ? 'green' : 'red'}
      icon={isValid ? <IconCertificate aria-hidden /> : <IconCertificateOff aria-hidden />}
      title={`${name}: ${ANSWERS[answer.status]}`}
    >
      <List size="sm">
        {answer.reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      {predicate !== undefined && (
        <Text size="sm" mt="xs">
          It says “{predicate.verdict}” of{' '}
          <Anchor component={Link} to={`/assets/${encodeURIComponent(predicate.asset.id)}`} inherit underline="always">
            {predicate.asset.name}
          </Anchor>
          , see{' '}
          <Anchor
            component={Link}
            to={`/certificates/${encodeURIComponent(predicate.certificateId)}`}
            inherit
            underline="always"
          >
            its entry in the register
          </Anchor>
          .
        </Text>
      )}
    </Alert>
  );
}
