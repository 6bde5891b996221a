import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run of `npm test`, so that a change is judged by what it changed. `npm run fuzz`
 * draws others.
 */
const SEED_OF_EVERY_RUN = 20_261_130;

const seed = Number(process.env.SPHINX_PROPERTY_SEED ?? SEED_OF_EVERY_RUN);
if (!Number.isSafeInteger(seed)) throw new Error('SPHINX_PROPERTY_SEED must be a whole number.');
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
