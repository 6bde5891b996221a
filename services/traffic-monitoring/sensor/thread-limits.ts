/** Halves of the young generation, and as much again for what is large, as V8 counts it. */
const SEMI_SPACES = 3;

/**
 * Memory for new objects of a thread that reads packets, megabytes: V8 would let each of the three semi-spaces grow to 64.
 * What packets leave behind is dead at once or lives for as long as its flow: more room makes nothing faster, less takes
 * time on a mixture of many protocols, see docs/performance.md.
 */
const YOUNG_GENERATION_MEGABYTES = 24;

/** Given to every thread that reads packets; it limits no memory that is needed. */
export const THREAD_LIMITS = { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES } as const;

/** The same for a process that stands for such a thread, as options of Node.js. */
export const PROCESS_LIMITS: readonly string[] = [`--max-semi-space-size=${YOUNG_GENERATION_MEGABYTES / SEMI_SPACES}`];
