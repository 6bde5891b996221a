import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

/** One thing of a list, beside the list. @param id null while none is open */
export function DetailDrawer(props: {
  title: string;
  id: string | null;
  onClose: () => void;
  children: (id: string) => ReactNode;
}) {
  const { title, id, onClose, children } = props;
  return (
    <Drawer opened={id !== null} onClose={onClose} position="right" size="xl" title={title}>
      {id !== null && children(id)}
    </Drawer>
  );
}
