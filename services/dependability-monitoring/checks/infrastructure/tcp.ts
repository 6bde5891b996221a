import { type Check, good, NOBODY } from '../check.ts';

/** Somebody listens. */
export const tcp: Check = async ({ connect }) => {
  const stream = await connect();
  if (stream === undefined) return NOBODY;
  stream.close();
  return good('It takes connections.');
};
