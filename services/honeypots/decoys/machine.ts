import { z } from 'zod';

const Entry = z.object({
  path: z.string().startsWith('/'),
  /** Text of a file; without it the entry is a folder. */
  content: z.string().optional(),
  owner: z.string().default('root'),
  mode: z
    .string()
    .regex(/^[0-7]{3,4}$/)
    .optional(),
  /** Of a file that is only listed: its size in bytes. */
  size: z.int().nonnegative().optional(),
  daysOld: z.int().nonnegative().default(200),
});

/** A machine behind a shell, a share or an FTP server: a file of knowledge/decoys/machines. `{host}`, `{domain}` as in sites. */
export const Machine = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  kernel: z.string(),
  kernelVersion: z.string(),
  architecture: z.string(),
  system: z.string(),
  cpu: z.string(),
  cores: z.int().positive(),
  memoryKb: z.int().positive(),
  upDays: z.int().positive(),
  /** Message of the day. */
  motd: z.string().default(''),
  /** Only commands of BusyBox, as devices have. */
  isBusyBox: z.boolean().default(false),
  processes: z.array(z.object({ user: z.string(), command: z.string() })),
  users: z.array(z.object({ name: z.string(), id: z.int(), home: z.string(), shell: z.string() })),
  entries: z.array(Entry),
  source: z.object({ title: z.string(), url: z.url() }),
});
export type Machine = z.infer<typeof Machine>;
