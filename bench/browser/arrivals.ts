// Owns: when the bytes of an answer reach the page. Every contender's answers pass through it, so what it costs, it costs all of them.

/** When a call's last byte had arrived, by the call's index, and when the stream ended; as `performance.now()`. */
export const arrivals = { calls: new Map<number, number>(), end: Number.NaN };

/** A call is complete with the event that says so in its protocol; each names the call `call-N`. */
const complete = /"(?:tool-input-available|TOOL_CALL_END)"[^\n]*?call-(\d+)/g;

export function watchArrivals(): void {
  const real = window.fetch.bind(window);
  window.fetch = async (...parameters) => {
    const response = await real(...parameters);
    if (response.body === null) return response;
    const decoder = new TextDecoder();
    const watched = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(bytes, controller) {
          const text = decoder.decode(bytes, { stream: true });
          const now = performance.now();
          for (const [, index] of text.matchAll(complete)) arrivals.calls.set(Number(index), now);
          controller.enqueue(bytes);
        },
        flush: () => void (arrivals.end = performance.now()),
      }),
    );
    return new Response(watched, { status: response.status, headers: response.headers });
  };
}
