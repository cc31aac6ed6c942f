'use client';
/** Owns how a component gets the JSON Schema of a tool: most schemas have it at once, some only after a while, some not at all. */
import { asSchema, type FlexibleSchema } from 'ai';
import { useEffect, useMemo, useState } from 'react';
import { isPromiseLike } from '../core/schema.ts';

/** The JSON Schema; `undefined` where there is none, and `'pending'` until that is known. */
export function useJsonSchema(schema: FlexibleSchema | undefined): unknown {
  const found = useMemo(() => readJsonSchema(schema), [schema]);
  const [settled, setSettled] = useState<{ found: unknown; value: unknown }>();
  useEffect(() => {
    if (!isPromiseLike(found)) return;
    const settle = (value?: unknown) => setSettled({ found, value });
    found.then(settle, () => settle());
  }, [found]);
  if (!isPromiseLike(found)) return found;
  return settled?.found === found ? settled.value : 'pending';
}

function readJsonSchema(schema: FlexibleSchema | undefined): unknown {
  try {
    return schema && asSchema(schema).jsonSchema;
  } catch {
    return undefined;
  }
}
