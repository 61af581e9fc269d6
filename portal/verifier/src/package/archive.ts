/** The container of a package: a canonical ZIP, STORED only, that a reader writes again and compares. */

import { MalformedError } from "../errors.ts";
import { concat, equal, utf8 } from "../formats/bytes.ts";
import {
  CENTRAL_MARK,
  CENTRAL_SIZE,
  END_MARK,
  END_SIZE,
  LOCAL_MARK,
  LOCAL_SIZE,
  type Member,
  STORED,
  isFolder,
  readDirectory,
} from "./directory.ts";
import { MIMETYPE, checkDistinct, checkName, compareNames } from "./names.ts";

const MEDIA_TYPE = utf8("application/vnd.etsi.asic-e+zip");
const VERSION = 10; // 1.0: nothing but stored files; made on MS-DOS, whose files are no links
const TIME = 0;
const DATE = (1 << 5) | 1; // midnight of 1980-01-01, the first day there is

export interface ArchiveFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** The files of a container; `departures` say by code why it is not canonical, and are empty if it is. */
export interface Archive {
  readonly files: readonly ArchiveFile[];
  readonly departures: readonly string[];
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function record(size: number, write: (put16: (value: number) => void, put32: (value: number) => void) => void): Uint8Array {
  const data = new Uint8Array(size);
  const view = new DataView(data.buffer);
  let position = 0;
  write(
    (value) => view.setUint16((position += 2) - 2, value, true),
    (value) => view.setUint32((position += 4) - 4, value, true),
  );
  return data;
}

/** Write files into the canonical container, in their fixed order; `mimetype` is put in by itself. */
export function formatArchive(files: readonly ArchiveFile[]): Uint8Array {
  const ordered = [{ name: MIMETYPE, data: MEDIA_TYPE }, ...[...files].sort((one, other) => compareNames(one.name, other.name))];
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, data } of ordered) {
    const title = utf8(name);
    const shorts = [VERSION, 0, STORED, TIME, DATE];
    const longs = [crc32(data), data.length, data.length];
    parts.push(
      record(LOCAL_SIZE, (put16, put32) => {
        put32(LOCAL_MARK);
        shorts.forEach(put16);
        longs.forEach(put32);
        [title.length, 0].forEach(put16);
      }),
      title,
      data,
    );
    directory.push(
      record(CENTRAL_SIZE, (put16, put32) => {
        put32(CENTRAL_MARK);
        [VERSION, ...shorts].forEach(put16);
        longs.forEach(put32);
        [title.length, 0, 0, 0, 0].forEach(put16);
        [0, offset].forEach(put32);
      }),
      title,
    );
    offset += LOCAL_SIZE + title.length + data.length;
  }
  const listing = concat(...directory);
  const end = record(END_SIZE, (put16, put32) => {
    put32(END_MARK);
    [0, 0, ordered.length, ordered.length].forEach(put16);
    [listing.length, offset].forEach(put32);
    put16(0);
  });
  return concat(...parts, listing, end);
}

/** Read a container that may have been packed again: all its files but `mimetype`, in the fixed order. */
export async function readArchive(data: Uint8Array, marks: readonly string[]): Promise<Archive> {
  const directory = readDirectory(data);
  const members = directory.members.filter((member) => !isFolder(member));
  await checkMarks(data, members, marks);
  const bare = (member: Member): string => (isFolder(member) ? member.name.replace(/\/+$/, "") : member.name);
  for (const member of directory.members) checkName(bare(member));
  checkDistinct(directory.members.map((member) => member.name.replace(/\/+$/, "")));
  const files: ArchiveFile[] = [];
  for (const member of members) {
    if (member.name !== MIMETYPE) files.push({ name: member.name, data: await unpack(data, member) });
  }
  files.sort((one, other) => compareNames(one.name, other.name));
  const found = [...directory.departures];
  if (directory.members.some(isFolder)) found.push("FOLDER_ENTRY");
  // The last word is that writing it again gives the same bytes.
  if (found.length === 0 && !equal(formatArchive(files), data)) found.push("NOT_CANONICAL");
  return { files, departures: found };
}

/** Tell another kind of container from a package, before its names are judged by our rules. */
async function checkMarks(data: Uint8Array, members: readonly Member[], marks: readonly string[]): Promise<void> {
  const kinds = members.filter((member) => member.name === MIMETYPE);
  for (const kind of kinds) {
    if (kind.size !== MEDIA_TYPE.length || !equal(await unpack(data, kind), MEDIA_TYPE)) kinds.length = 0;
  }
  if (kinds.length === 0) {
    throw new MalformedError("NOT_ASIC", "a ZIP, but no ASiC-E container: no such file 'mimetype'");
  }
  const missing = marks.find((mark) => !members.some((member) => member.name === mark));
  if (missing !== undefined) throw new MalformedError("NOT_A_PACKAGE", `a container without '${missing}'`);
}

/** Give the bytes of a file, never more than the directory says. */
async function unpack(data: Uint8Array, member: Member): Promise<Uint8Array> {
  const packed = data.subarray(member.start, member.start + member.packed);
  const content = member.method === STORED ? packed : await inflate(packed, member);
  if (crc32(content) !== member.crc) {
    throw new MalformedError("CRC_MISMATCH", "the checksum is of other bytes", member.name);
  }
  return content;
}

/** Unpack a deflated file by the browser's own decoder, and stop as soon as there is more than announced. */
async function inflate(packed: Uint8Array, member: Member): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const source = new Blob([packed.slice()]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = source.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      size += value.length;
      if (size > member.size) {
        await reader.cancel();
        break;
      }
    }
  } catch {
    throw new MalformedError("UNPACKING", "the packed bytes are broken", member.name);
  }
  if (size !== member.size) throw new MalformedError("UNPACKING", `does not unpack to ${member.size} bytes`, member.name);
  return concat(...parts);
}
