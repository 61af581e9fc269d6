/** Distinguished names: for people, and in a form that can be compared (RFC 5280 §7.1). */

import { type Element, TAG, children, readOid } from "../der.ts";
import { MalformedError } from "../errors.ts";
import { fromUtf8, toHex } from "../formats/bytes.ts";

const LABELS: Record<string, string> = {
  "2.5.4.3": "Common Name",
  "2.5.4.5": "Serial Number",
  "2.5.4.6": "Country",
  "2.5.4.7": "Locality",
  "2.5.4.8": "State/Province",
  "2.5.4.10": "Organization",
  "2.5.4.11": "Organizational Unit",
  "2.5.4.97": "Organization Identifier",
  "1.2.840.113549.1.9.1": "Email Address",
};

/** A name: its DER, its comparable form (case and spaces folded), and its words for people. */
export interface Name {
  readonly der: Uint8Array;
  readonly comparable: string;
  readonly shown: string;
}

/** Read the text of an attribute's value; a value of no text type is known by its bytes alone. */
function readValue(value: Element): string | undefined {
  const latin = (): string => String.fromCharCode(...value.contents);
  switch (value.tag) {
    case TAG.utf8:
      return fromUtf8(value.contents) ?? undefined;
    case 0x13: // PrintableString
    case 0x16: // IA5String
    case 0x12: // NumericString
    case 0x14: // TeletexString
      return latin();
    case 0x1e: {
      const units: number[] = [];
      for (let i = 0; i + 1 < value.contents.length; i += 2) {
        units.push(((value.contents[i] as number) << 8) | (value.contents[i + 1] as number));
      }
      return String.fromCharCode(...units);
    }
    default:
      return undefined;
  }
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

export function readName(item: Element, where: string): Name {
  const comparable: string[] = [];
  const shown: string[] = [];
  for (const set of children(item)) {
    if (set.tag !== TAG.set) throw new MalformedError("FORMAT_FAILURE", "a name does not parse", where);
    const attributes = children(set).map((attribute) => {
      const [type, value, more] = attribute.tag === TAG.sequence ? children(attribute) : [];
      if (type?.tag !== TAG.oid || value === undefined || more !== undefined) {
        throw new MalformedError("FORMAT_FAILURE", "a name does not parse", where);
      }
      const oid = readOid(type);
      const text = readValue(value);
      shown.push(`${LABELS[oid] ?? oid}: ${text ?? toHex(value.raw)}`);
      return JSON.stringify([oid, text === undefined ? toHex(value.raw) : fold(text)]);
    });
    comparable.push(attributes.sort().join("+"));
  }
  return { der: item.raw, comparable: comparable.join(","), shown: shown.reverse().join(", ") };
}
