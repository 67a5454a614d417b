// SPDX-License-Identifier: LGPL-2.1-or-later
// The MD5 of a file (RFC 1321), by which the board knows its posts: browsers have no function for it.

const SLICE = 4 * 1024 * 1024;
const SHIFTS = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

// Adds the 16 words from @at on.
function addBlock(state, words, at) {
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  for (let i = 0; i < 64; i++) {
    const round = i >> 4;
    let f;
    let word;
    if (round === 0) {
      f = (b & c) | (~b & d);
      word = i;
    } else if (round === 1) {
      f = (d & b) | (~d & c);
      word = 5 * i + 1;
    } else if (round === 2) {
      f = b ^ c ^ d;
      word = 3 * i + 5;
    } else {
      f = c ^ (b | ~d);
      word = 7 * i;
    }
    const sum = (a + f + SINES[i] + words[at + (word & 15)]) | 0;
    const shift = SHIFTS[(round << 2) | (i & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

// Machines that browsers run on are little-endian, as MD5 is.
function addBlocks(state, buffer) {
  const words = new Int32Array(buffer);
  for (let at = 0; at < words.length; at += 16) {
    addBlock(state, words, at);
  }
}

// What is left over of the file, one bit, zeros, and the length in bits.
function pad(rest, size) {
  const bytes = new Uint8Array(rest.length < 56 ? 64 : 128);
  bytes.set(rest);
  bytes[rest.length] = 0x80;
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(size) * 8n, true);
  return bytes;
}

export async function md5(file) {
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const whole = file.size - file.size % 64;
  for (let at = 0; at < whole; at += SLICE) {
    addBlocks(state, await file.slice(at, Math.min(at + SLICE, whole)).arrayBuffer());
  }
  addBlocks(state, pad(new Uint8Array(await file.slice(whole).arrayBuffer()), file.size).buffer);
  return Array.from(new Uint8Array(state.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
