// Owns the worker's side of `planTour`.
import { exposeTools } from 'use-parallel-tools/worker';
import { planTour, stores } from '../stores.ts';

exposeTools({
  planTour: ({ storeIds }: { storeIds: string[] }, { reportProgress }) =>
    planTour(
      stores.filter(({ storeId }) => storeIds.includes(storeId)),
      (fraction) => reportProgress({ fraction }),
    ),
});
