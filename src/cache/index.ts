/** The door of `use-parallel-tools/cache`: results that are used again. */
export { resultCache, type ResultCacheOptions } from './result-cache.ts';
