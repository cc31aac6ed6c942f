/**
 * Owns the finding of images in a value: data URLs, and content as MCP tools return it. Addresses on the web are left alone: to
 * show one would tell its server that this person looked. Never throws.
 */

/** A value is searched this far. */
const MOST_IMAGES = 12;
const MOST_OBJECTS = 500;

const DATA_URL = /^data:image\/[\w.+-]+[;,]/i;
const IMAGE_TYPE = /^image\/[\w.+-]+$/i;

/** The images of a value, as data URLs. */
export function findImages(value: unknown): string[] {
  const found: string[] = [];
  const queue: unknown[] = [value];
  const met = new Set<object>();
  for (const item of queue) {
    if (found.length >= MOST_IMAGES) break;
    if (typeof item === 'string') {
      if (DATA_URL.test(item)) found.push(item);
    } else if (typeof item === 'object' && item !== null && !met.has(item) && met.size < MOST_OBJECTS) {
      met.add(item);
      const image = readImagePart(item);
      if (image === undefined) queue.push(...listValues(item));
      else found.push(image);
    }
  }
  return found;
}

/** `{ type: 'image', data, mimeType }` or a resource's `{ blob, mimeType }` (MCP), or `{ type: 'media', data, mediaType }` (AI SDK). */
function readImagePart(item: object): string | undefined {
  try {
    const { blob, data = blob, mimeType, mediaType = mimeType } = item as Record<string, unknown>;
    if (typeof data !== 'string' || typeof mediaType !== 'string' || !IMAGE_TYPE.test(mediaType)) return undefined;
    return DATA_URL.test(data) ? data : `data:${mediaType};base64,${data}`;
  } catch {
    return undefined;
  }
}

function listValues(item: object): unknown[] {
  try {
    return (Array.isArray(item) ? item.slice(0, MOST_OBJECTS) : Object.values(item)).filter(
      (value) => typeof value === 'string' || typeof value === 'object',
    );
  } catch {
    return [];
  }
}
