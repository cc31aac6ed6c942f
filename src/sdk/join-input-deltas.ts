/**
 * Owns which pieces of a call's input are told one by one. For each, the SDK parses all of the input that has come so far: of pieces that come
 * together it is given one, and none where the whole input comes with them.
 */
import type { UIMessageChunk } from 'ai';

type ChunkReader = Pick<ReadableStreamDefaultReader<UIMessageChunk>, 'read'>;

/** How many turns of the microtask queue a chunk has to come with another: twice as many as the SDK's transport needs for chunks of one piece. */
const TOGETHER = 16;
/** So many pieces at most are one, so that the page has its turns. */
const MOST = 32;

/** The reader of a response, with fewer pieces of inputs. */
export function joinInputDeltas(reader: ChunkReader): ChunkReader {
  let reading: ReturnType<ChunkReader['read']> | undefined;

  /** The next chunk, if it comes at once. An error is told by the next read. */
  async function readAtOnce() {
    const came: ReadableStreamReadResult<UIMessageChunk>[] = [];
    reading = reader.read();
    reading.then(
      (result) => came.push(result),
      () => {},
    );
    for (let turn = 0; turn < TOGETHER && came.length === 0; turn++) await undefined;
    return came[0];
  }

  return {
    async read() {
      let first = await (reading ?? reader.read());
      reading = undefined;
      for (let count = 1; count < MOST && first.value?.type === 'tool-input-delta'; count++) {
        const { toolCallId, inputTextDelta } = first.value;
        const next = await readAtOnce();
        if (next?.done !== false || !('toolCallId' in next.value) || next.value.toolCallId !== toolCallId) break;
        const { value } = next;
        if (value.type === 'tool-input-delta')
          first = { done: false, value: { ...value, inputTextDelta: inputTextDelta + value.inputTextDelta } };
        else if (value.type === 'tool-input-available') first = next;
        else break;
        reading = undefined;
      }
      return first;
    },
  };
}
