/** The directory of a ZIP, read under limits before a byte is unpacked (`zheng_verifier.package.directory`). */

import { MalformedError } from "../errors.ts";
import { equal } from "../formats/bytes.ts";

export const MAX_ARCHIVE = 512 << 20;
export const MAX_FILES = 2_000;
const MAX_RATIO = 100;
const RATIO_FREE = 1 << 16;
export const STORED = 0;
const DEFLATED = 8;
export const LOCAL_SIZE = 30;
export const CENTRAL_SIZE = 46;
export const END_SIZE = 22;
export const LOCAL_MARK = 0x04034b50;
export const CENTRAL_MARK = 0x02014b50;
export const END_MARK = 0x06054b50;
const DESCRIPTOR_MARK = 0x08074b50;
const ZIP64_MARK = 0x07064b50;
const ZIP64_LOCATOR = 20;
const ENCRYPTED = (1 << 0) | (1 << 6) | (1 << 13);
const DESCRIPTOR = 1 << 3;
const ALLOWED_FLAGS = DESCRIPTOR | (1 << 1) | (1 << 2) | (1 << 11);
const MAX_COMMENT = 0xffff;

/** A file of the directory: `packed` bytes from `start` on, `size` and `crc` of what they unpack to. */
export interface Member {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly header: number;
  readonly start: number;
  readonly streamed: boolean;
}

export function isFolder(member: Member): boolean {
  return member.name.endsWith("/") && member.size === 0;
}

/** The files of a ZIP in the order of its directory, and the departures found so far, by code. */
export interface Directory {
  readonly members: readonly Member[];
  readonly departures: readonly string[];
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

function startsWith(data: Uint8Array, position: number, mark: number): boolean {
  return position + 4 <= data.length && viewOf(data).getUint32(position, true) === mark;
}

/** Find the last mark of a directory's end, as far back as its comment may reach. */
function findEnd(data: Uint8Array): number {
  for (let position = data.length - 4; position >= Math.max(0, data.length - END_SIZE - MAX_COMMENT); position--) {
    if (startsWith(data, position, END_MARK)) return position;
  }
  return -1;
}

/** Tell whether a file ends in the directory of a ZIP, whatever it begins with. */
export function endsAsZip(data: Uint8Array): boolean {
  const position = findEnd(data);
  if (position < 0 || position + END_SIZE > data.length) return false;
  const view = viewOf(data);
  const [count, size, comment] = [view.getUint16(position + 10, true), view.getUint32(position + 12, true), view.getUint16(position + 20, true)];
  const begins = count > 0 ? startsWith(data, Math.max(0, position - size), CENTRAL_MARK) : size === 0;
  return begins && position + END_SIZE + comment === data.length;
}

function refuse(code: string, detail: string, where = ""): never {
  throw new MalformedError(code, detail, where);
}

/** Read the directory of a ZIP and hold it against the headers of its files; nothing is unpacked. */
export function readDirectory(data: Uint8Array): Directory {
  if (data.length === 0) refuse("EMPTY", "the file is empty");
  if (data.length > MAX_ARCHIVE) refuse("TOO_LARGE", `${data.length} bytes, the limit is ${MAX_ARCHIVE}`);
  const departures = new Set<string>();
  const [count, start, end] = readEnd(data, departures);
  const members: Member[] = [];
  let position = start;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const [member, next] = readMember(data, position, end, departures);
    position = next;
    total += member.size;
    if (total > MAX_ARCHIVE) refuse("EXPANDED_TOO_LARGE", `unpacked it is larger than ${MAX_ARCHIVE} bytes`);
    members.push(member);
  }
  if (position !== end) refuse("FORMAT_FAILURE", "the directory is not as long as it says");
  checkLayout(data, members, start, departures);
  return { members, departures: [...departures] };
}

/** Give the number of files, and where the directory begins and ends. */
function readEnd(data: Uint8Array, departures: Set<string>): [number, number, number] {
  const position = findEnd(data);
  if (position < 0) {
    if (startsWith(data, 0, LOCAL_MARK)) refuse("TRUNCATED", "the ZIP has no directory at its end: it was cut off");
    refuse("NOT_A_ZIP", "not a ZIP container");
  }
  if (position + END_SIZE > data.length) refuse("TRUNCATED", "the end of the ZIP is cut off");
  const view = viewOf(data);
  const short = (at: number): number => view.getUint16(position + at, true);
  const [disk, firstDisk, here, count, comment] = [short(4), short(6), short(8), short(10), short(20)];
  const [size, offset] = [view.getUint32(position + 12, true), view.getUint32(position + 16, true)];
  const locator = startsWith(data, Math.max(0, position - ZIP64_LOCATOR), ZIP64_MARK);
  if (locator || here === 0xffff || count === 0xffff) refuse("ZIP64", "a ZIP64 container: no package needs one");
  if (disk !== 0 || firstDisk !== 0 || here !== count) refuse("MULTIPLE_DISKS", "one part of a ZIP that is split");
  const finish = position + END_SIZE + comment;
  if (finish !== data.length) {
    refuse(finish < data.length ? "TRAILING_BYTES" : "TRUNCATED", "the ZIP does not end where it says");
  }
  if (offset + size !== position) {
    refuse(offset + size < position ? "PREFIX_BYTES" : "TRUNCATED", "the directory does not lie where it says");
  }
  if (count > MAX_FILES) refuse("TOO_MANY", `${count} files, the limit is ${MAX_FILES}`);
  if (comment > 0) departures.add("COMMENT");
  return [count, offset, position];
}

/** Read ASCII; what is none is refused with the other forbidden names. */
function readAscii(raw: Uint8Array): string {
  return Array.from(raw, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
}

/** Read an entry of the directory with the header it points to; gives where the next entry begins. */
function readMember(data: Uint8Array, position: number, end: number, departures: Set<string>): [Member, number] {
  if (position + CENTRAL_SIZE > end) refuse("FORMAT_FAILURE", "the directory ends within an entry");
  const view = viewOf(data);
  const short = (at: number): number => view.getUint16(position + at, true);
  const long = (at: number): number => view.getUint32(position + at, true);
  const [flags, method, crc, packed, size] = [short(8), short(10), long(16), long(20), long(24)];
  const [nameSize, extra, comment, disk] = [short(28), short(30), short(32), short(34)];
  const [attributes, header] = [long(38), long(42)];
  const nameStart = position + CENTRAL_SIZE;
  const following = nameStart + nameSize + extra + comment;
  if (long(0) !== CENTRAL_MARK || following > end) refuse("FORMAT_FAILURE", "an entry of the directory is broken");
  const raw = data.subarray(nameStart, nameStart + nameSize);
  const name = readAscii(raw);
  if (disk !== 0) refuse("MULTIPLE_DISKS", "one part of a ZIP that is split", name);
  checkKind(name, flags, method, packed, size, attributes);
  if (extra > 0) departures.add("EXTRA_FIELD");
  if (comment > 0) departures.add("COMMENT");
  if (method === DEFLATED) departures.add("DEFLATED");
  const start = checkHeader(data, header, raw, [flags, method, crc, packed, size], departures);
  return [{ name, method, crc, packed, size, header, start, streamed: (flags & DESCRIPTOR) !== 0 }, following];
}

/** Refuse what is no plain file: encrypted, packed in ways unknown or beyond measure, a link, larger than 4 GiB. */
function checkKind(name: string, flags: number, method: number, packed: number, size: number, attributes: number): void {
  if ((flags & ENCRYPTED) !== 0) refuse("ENCRYPTED", "an encrypted file", name);
  if (packed === 0xffffffff || size === 0xffffffff) refuse("ZIP64", "a file in ZIP64 form: no package needs one", name);
  if (![STORED, DEFLATED].includes(method) || (flags & ~ALLOWED_FLAGS) !== 0) {
    refuse("UNKNOWN_COMPRESSION", `compression ${method} with flags ${flags}`, name);
  }
  if (![0, 0o100000, 0o040000].includes((attributes >>> 16) & 0o170000)) {
    refuse("SYMLINK", "a link or a device instead of a file", name);
  }
  if (method === STORED && packed !== size) refuse("FORMAT_FAILURE", "a stored file of two sizes", name);
  if (size > MAX_RATIO * packed + RATIO_FREE) refuse("RATIO", `${packed} bytes are to unpack to ${size}`, name);
}

/** Hold a file's own header against the directory; gives where its data begin. */
function checkHeader(
  data: Uint8Array,
  header: number,
  raw: Uint8Array,
  central: readonly number[],
  departures: Set<string>,
): number {
  const name = readAscii(raw);
  if (header + LOCAL_SIZE > data.length) refuse("FORMAT_FAILURE", "the directory points outside of the file", name);
  const view = viewOf(data);
  const short = (at: number): number => view.getUint16(header + at, true);
  const long = (at: number): number => view.getUint32(header + at, true);
  if (long(0) !== LOCAL_MARK) refuse("FORMAT_FAILURE", "the directory points to no file", name);
  const local = [short(6), short(8), long(14), long(18), long(22)];
  const [nameSize, extra] = [short(26), short(28)];
  const nameStart = header + LOCAL_SIZE;
  const sameName = equal(data.subarray(nameStart, nameStart + nameSize), raw);
  const matches = (expected: readonly number[]): boolean => expected.every((value, i) => value === local[i]);
  const streamed = ((local[0] as number) & DESCRIPTOR) !== 0 && matches([...central.slice(0, 2), 0, 0, 0]);
  if (!sameName || !(matches(central) || streamed)) {
    refuse("HEADER_DISAGREEMENT", "directory and header do not say the same", name);
  }
  if (extra > 0) departures.add("EXTRA_FIELD");
  return nameStart + nameSize + extra;
}

/** Demand that the files lie side by side, from the first byte up to the directory. */
function checkLayout(data: Uint8Array, members: readonly Member[], start: number, departures: Set<string>): void {
  const ordered = [...members].sort((one, other) => one.header - other.header);
  const first = ordered[0]?.header ?? start;
  if (first > 0) refuse("PREFIX_BYTES", `${first} bytes before the first file`);
  ordered.forEach((member, i) => {
    const following = ordered[i + 1]?.header ?? start;
    let finish = member.start + member.packed;
    if (member.streamed && finish < following) {
      finish += descriptorSize(data, member, following);
      departures.add("DATA_DESCRIPTOR");
    }
    if (finish > following) refuse("OVERLAP", "two files lie one over the other", member.name);
    if (finish < following) refuse("HIDDEN_BYTES", `${following - finish} bytes behind this file`, member.name);
  });
}

/** Give the size of the descriptor behind a streamed file, 0 if what follows is none (APPNOTE §4.3.9). */
function descriptorSize(data: Uint8Array, member: Member, following: number): number {
  const behind = data.subarray(member.start + member.packed, following);
  const body = new Uint8Array(16);
  const view = viewOf(body);
  [DESCRIPTOR_MARK, member.crc, member.packed, member.size].forEach((value, i) => view.setUint32(4 * i, value, true));
  return equal(behind, body) || equal(behind, body.subarray(4)) ? behind.length : 0;
}
