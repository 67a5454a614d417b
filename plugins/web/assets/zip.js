// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the plain ZIP archives that ugoira are: the decoder has refused all others.

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const END_SIZE = 22;

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// A Map of names to functions that promise the entry's bytes.
export function readZip(buffer) {
  const view = new DataView(buffer);
  const entries = new Map();
  let end = buffer.byteLength - END_SIZE;

  while (end >= 0 && view.getUint32(end, true) !== END) {
    end--;
  }
  if (end < 0) {
    throw new Error("The archive is incomplete");
  }

  let at = view.getUint32(end + 16, true);
  for (let n = view.getUint16(end + 10, true); n > 0 && view.getUint32(at, true) === CENTRAL; n--) {
    const method = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + 46, nameLength));
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const packed = new Uint8Array(buffer, start, size);

    entries.set(name, async () => (method === 0 ? packed : inflate(packed)));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}
