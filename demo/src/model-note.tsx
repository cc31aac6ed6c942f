// Owns the line that says which model answers.
import { useEffect, useState } from 'react';
import type { ModelInfo } from '../server/model.ts';
import './model-note.css';

type Known = { info: ModelInfo } | { problem: string };

export function ModelNote() {
  const [known, setKnown] = useState<Known>();

  useEffect(() => {
    const controller = new AbortController();
    readModel(controller.signal).then(setKnown, () => {});
    return () => controller.abort();
  }, []);

  return <p className="note">{known && describe(known)}</p>;
}

async function readModel(signal: AbortSignal): Promise<Known> {
  const response = await fetch('/api/model', { signal });
  if (!response.ok) return { problem: await response.text() };
  // SAFETY: our own server's answer; server/model.ts has the type.
  return { info: (await response.json()) as ModelInfo };
}

function describe(known: Known) {
  if ('problem' in known) return known.problem;
  if (known.info.kind === 'provider') return `${known.info.modelId} · ${known.info.provider}`;
  return (
    <>
      Scripted model. Set <code>OPENAI_API_KEY</code>, <code>ANTHROPIC_API_KEY</code> or <code>AI_GATEWAY_API_KEY</code>{' '}
      for a real one.
    </>
  );
}
