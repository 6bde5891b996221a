import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { Logger } from '../service/service.ts';

/** Field names that may hold secrets: their values never reach the log. */
const REDACTED = ['password', 'token', 'secret', 'authorization', 'cookie', 'privateKey', 'masterKey'];

/**
 * Structured log, one JSON object a line.
 *
 * @param destination where lines go; standard error when absent, so that output of commands stays clean
 */
export function createLogger(options: {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  destination?: DestinationStream;
}): Logger {
  const redact = { paths: REDACTED.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' };
  const destination = options.destination ?? pino.destination({ dest: 2, sync: true });
  const base = { name: 'sphinx' };
  return wrap(pino({ level: options.level, redact, base, timestamp: pino.stdTimeFunctions.isoTime }, destination));
}

function wrap(logger: PinoLogger): Logger {
  return {
    debug: (message, fields) => logger.debug(fields ?? {}, message),
    info: (message, fields) => logger.info(fields ?? {}, message),
    warn: (message, fields) => logger.warn(fields ?? {}, message),
    error: (message, fields) => logger.error(fields ?? {}, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}
