/**
 * SM3 (GB/T 32905-2016). Padding, buffering and streaming are those of @noble/hashes, on which its own SHA-256 stands;
 * only the compression function is ours, and is held against the standard's vectors (docs/adr/0014).
 */

import { HashMD } from "@noble/hashes/_md.js";

const IV = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
const W = new Int32Array(68);

function rotl(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

const ROUND = Int32Array.from({ length: 64 }, (_, round) => rotl(round < 16 ? 0x79cc4519 : 0x7a879d8a, round % 32));

export class Sm3 extends HashMD<Sm3> {
  private state = Int32Array.from(IV);

  constructor() {
    super(64, 32, 8, false);
  }

  protected get(): number[] {
    return [...this.state];
  }

  protected set(...words: number[]): void {
    this.state = Int32Array.from(words);
  }

  protected process(view: DataView, offset: number): void {
    for (let i = 0; i < 16; i++) W[i] = view.getInt32(offset + 4 * i, false);
    for (let i = 16; i < 68; i++) {
      const x = W[i - 16]! ^ W[i - 9]! ^ rotl(W[i - 3]!, 15);
      W[i] = x ^ rotl(x, 15) ^ rotl(x, 23) ^ rotl(W[i - 13]!, 7) ^ W[i - 6]!;
    }
    const state = this.state;
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
    let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const a12 = rotl(a, 12);
      const ss1 = rotl((a12 + e + ROUND[i]!) | 0, 7);
      const ff = i < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = i < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + (ss1 ^ a12) + (W[i]! ^ W[i + 4]!)) | 0;
      const tt2 = (gg + h + ss1 + W[i]!) | 0;
      d = c;
      c = rotl(b, 9);
      b = a;
      a = tt1;
      h = g;
      g = rotl(f, 19);
      f = e;
      e = tt2 ^ rotl(tt2, 9) ^ rotl(tt2, 17);
    }
    state[0]! ^= a;
    state[1]! ^= b;
    state[2]! ^= c;
    state[3]! ^= d;
    state[4]! ^= e;
    state[5]! ^= f;
    state[6]! ^= g;
    state[7]! ^= h;
  }

  protected roundClean(): void {
    W.fill(0);
  }

  destroy(): void {
    this.destroyed = true;
    this.state.fill(0);
  }

  _cloneInto(to: Sm3 = new Sm3()): Sm3 {
    to.state = this.state.slice();
    to.buffer.set(this.buffer);
    to.length = this.length;
    to.pos = this.pos;
    to.finished = this.finished;
    to.destroyed = this.destroyed;
    return to;
  }
}

export function sm3(data: Uint8Array): Uint8Array {
  return new Sm3().update(data).digest();
}
