import { Badge, Table, Text } from '@mantine/core';
import type { Asset, AssetService } from '@sphinx/schema';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { Section } from './section.tsx';

/** What the asset offers to others. */
export function ServicesSection({ asset }: { asset: Asset }) {
  return (
    <Section title="What does it offer?">
      {asset.services.length === 0 ? (
        <Text size="sm" c="dimmed">
          It was not seen offering any service: it only asks others.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={720}>
          <Table aria-label="Services it offers">
            <TableHead columns={['Service', 'Port', 'Encryption', 'What it said', 'Last seen']} />
            <Table.Tbody>
              {asset.services.map((service) => (
                <ServiceRow key={`${service.transport}/${service.port}/${service.protocol}`} service={service} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

function ServiceRow({ service }: { service: AssetService }) {
  return (
    <Table.Tr>
      <Table.Td>{service.protocol}</Table.Td>
      <Table.Td>
        {service.transport}/{service.port}
      </Table.Td>
      <Table.Td>
        <EncryptionBadge isEncrypted={service.isEncrypted} />
      </Table.Td>
      <Table.Td>
        {service.evidence.map(({ attribute, value }) => (
          <Text key={`${attribute}=${value}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
            <code>{attribute}</code> = {value}
          </Text>
        ))}
      </Table.Td>
      <Table.Td>
        <TimeText time={service.lastSeen} />
      </Table.Td>
    </Table.Tr>
  );
}

/** In words and by a symbol, so that colour carries nothing alone. */
export function EncryptionBadge({ isEncrypted }: { isEncrypted: boolean }) {
  return isEncrypted ? (
    <Badge tt="none" color="green.9" leftSection={<IconLock size={12} aria-hidden />}>
      encrypted
    </Badge>
  ) : (
    <Badge tt="none" color="yellow.4" leftSection={<IconLockOpen size={12} aria-hidden />}>
      clear text
    </Badge>
  );
}
