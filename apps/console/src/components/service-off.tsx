import { Button } from '@mantine/core';
import { Link } from 'react-router';
import type { Service } from '../api/services.ts';
import { useMay } from '../api/session.ts';
import { EmptyState } from './states.tsx';

/** In place of what a service would show: that it is off, and where it is switched on. */
export function ServiceOff({ service }: { service: Service }) {
  const mayChange = useMay('services:write');
  return (
    <EmptyState
      title={`${service.title} is off`}
      description={`${service.description} ${mayChange ? 'Switch it on in the toolbox.' : 'Ask somebody who may switch services on, such as a security officer.'}`}
      action={
        <Button component={Link} to="/toolbox">
          To the toolbox
        </Button>
      }
    />
  );
}
