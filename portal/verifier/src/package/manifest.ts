/** The two lists of a package: `META-INF/ASiCManifest.xml` names its files, `zheng/manifest.json` says what each is. */

import { MalformedError } from "../errors.ts";
import { equal, toHex, utf8 } from "../formats/bytes.ts";
import { Fields, type Limits, parseCanonical } from "../formats/canonical.ts";
import { parseOrigin } from "../formats/claim.ts";
import { formatBase64, parseBase64, parseUuid } from "../formats/encoding.ts";
import { MAX_FILES } from "./directory.ts";
import { ASIC_MANIFEST, BUNDLE, DOCUMENTS, MANIFEST, POLICY, REPORT, STATEMENT, TIMESTAMP, checkDistinct, checkName, compareNames } from "./names.ts";

const MAX_MANIFEST = 1 << 20;
const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#"' +
  ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#">\n' +
  `<asic:SigReference URI="${TIMESTAMP}" MimeType="application/vnd.etsi.timestamp-token"/>\n`;
const TAIL = "</asic:ASiCManifest>\n";
const LINE =
  /^<asic:DataObjectReference URI="([^"<>&]{1,128})" MimeType="([^"<>&]{1,160})"><ds:DigestMethod Algorithm="http:\/\/www\.w3\.org\/2001\/04\/xmlenc#sha256"\/><ds:DigestValue>([A-Za-z0-9+/]{43}=)<\/ds:DigestValue><\/asic:DataObjectReference>$/;
const MEDIA_TYPE = /^[a-z0-9][a-z0-9.+-]{0,63}\/[a-z0-9][a-z0-9.+-]{0,95}$/;
const UNLISTED = ["mimetype", ASIC_MANIFEST, TIMESTAMP];

/** A file of the list: name, media type, and SHA-256 of its bytes. */
export interface ListedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: Uint8Array;
}

function formatLine({ name, mediaType, sha256 }: ListedFile): string {
  return (
    `<asic:DataObjectReference URI="${name}" MimeType="${mediaType}">` +
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>' +
    `<ds:DigestValue>${formatBase64(sha256)}</ds:DigestValue></asic:DataObjectReference>\n`
  );
}

/** Hold a list against what one may say. */
function checkList(files: readonly ListedFile[]): void {
  if (files.length === 0) {
    throw new MalformedError("FORMAT_FAILURE", "no file, or another time-stamp than the one there is", ASIC_MANIFEST);
  }
  if (files.length > MAX_FILES) throw new MalformedError("TOO_MANY", `more than ${MAX_FILES} files`, ASIC_MANIFEST);
  for (const file of files) {
    checkName(file.name);
    if (UNLISTED.includes(file.name) || !MEDIA_TYPE.test(file.mediaType)) {
      throw new MalformedError("FORMAT_FAILURE", "a file that no list names so", file.name);
    }
  }
  checkDistinct(files.map((file) => file.name));
  if (files.some((file, i) => i > 0 && compareNames((files[i - 1] as ListedFile).name, file.name) > 0)) {
    throw new MalformedError("FORMAT_FAILURE", "the files are not in their order", ASIC_MANIFEST);
  }
}

/** Read the list of files, in exactly the one form that packages have it; no XML parser touches it. */
export function parseAsicManifest(data: Uint8Array): ListedFile[] {
  if (data.length > MAX_MANIFEST) {
    throw new MalformedError("TOO_LARGE", `${data.length} bytes, the limit is ${MAX_MANIFEST}`, ASIC_MANIFEST);
  }
  const text = Array.from(data, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
  if (!text.startsWith(HEAD) || !text.endsWith(TAIL) || text.length < HEAD.length + TAIL.length) {
    throw new MalformedError("FORMAT_FAILURE", "not a list of files as packages have it", ASIC_MANIFEST);
  }
  const body = text.slice(HEAD.length, text.length - TAIL.length);
  const files = (body === "" ? [] : body.replace(/\n$/, "").split("\n")).map((line, number): ListedFile => {
    const found = LINE.exec(line);
    if (found === null) {
      throw new MalformedError("FORMAT_FAILURE", `entry ${number} is not as packages have it`, ASIC_MANIFEST);
    }
    const [, name, mediaType, digest] = found as unknown as [string, string, string, string];
    return { name, mediaType, sha256: parseBase64(digest, "", 32) };
  });
  checkList(files);
  if (!equal(utf8(HEAD + files.map(formatLine).join("") + TAIL), data)) {
    throw new MalformedError("FORMAT_FAILURE", "not in the one form of a list of files", ASIC_MANIFEST);
  }
  return files;
}

const LIMITS: Limits = { maxBytes: 1 << 19, maxDepth: 4, maxString: 256 };
/** Role and media type of each file by its name. */
const KNOWN: Record<string, readonly [string, string]> = {
  "readme.zh-cn.txt": ["readme", "text/plain"],
  "readme.en.txt": ["readme", "text/plain"],
  [BUNDLE]: ["bundle", "application/vnd.zheng.bundle+json"],
  [POLICY]: ["policy", "application/json"],
  [STATEMENT]: ["statement", "application/json"],
  [REPORT]: ["report", "application/jose"],
  "report.zh-cn.pdf": ["report-pdf", "application/pdf"],
  "report.en.pdf": ["report-pdf", "application/pdf"],
  "evidence-list.zh-cn.pdf": ["evidence-list", "application/pdf"],
  "evidence-list.en.pdf": ["evidence-list", "application/pdf"],
  "certificate.pdf": ["certificate", "application/pdf"],
};
const ROLES = [...new Set(Object.values(KNOWN).map(([role]) => role)), "document"];
const DOCUMENT = /^documents\/[0-9a-f]{16}\.[a-z0-9]{1,8}$/;

/** The log's origin, the case, whether personal values are opened (`full`) or not, and the role of each file. */
export interface PackageManifest {
  readonly origin: string;
  readonly case: string;
  readonly edition: string;
  readonly files: readonly { readonly name: string; readonly role: string }[];
}

/** Give the role of a file by its name, undefined if a package has no such file. */
export function roleOf(name: string): string | undefined {
  return name.startsWith(DOCUMENTS) ? "document" : Object.hasOwn(KNOWN, name) ? KNOWN[name]?.[0] : undefined;
}

/** Give the media type of a file by its name, undefined for documents, which have that of their claim. */
export function mediaTypeOf(name: string): string | undefined {
  if (name === MANIFEST) return "application/json";
  return Object.hasOwn(KNOWN, name) ? KNOWN[name]?.[1] : undefined;
}

/** Tell whether this is a name of a document with this digest. */
export function isDocumentOf(name: string, sha256: Uint8Array): boolean {
  return DOCUMENT.test(name) && name.slice(DOCUMENTS.length).startsWith(toHex(sha256).slice(0, 16));
}

/** Read the manifest. */
export function parsePackageManifest(data: Uint8Array): PackageManifest {
  const fields = new Fields(parseCanonical(data, LIMITS));
  fields.version("package/v1");
  const edition = fields.text("edition", { choices: ["full", "redacted"] });
  const manifest = {
    origin: parseOrigin(fields.text("origin"), "/origin"),
    case: parseUuid(fields.text("case"), "/case"),
    edition,
    files: fields.array("files", MAX_FILES).map((value, number) => {
      const one = new Fields(value, `/files/${number}`);
      const file = { name: one.text("name"), role: one.text("role", { choices: ROLES }) };
      one.end();
      return file;
    }),
  };
  fields.end();
  const rising = manifest.files.every(
    (file, i) => i === 0 || compareNames((manifest.files[i - 1] as { name: string }).name, file.name) < 0,
  );
  if (!rising) throw new MalformedError("FORMAT_FAILURE", "files are named in their fixed order, once each", "/files");
  return manifest;
}
