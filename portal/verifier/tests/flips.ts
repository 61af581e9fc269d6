/** Verifies pieces of evidence again and again, each time with one bit flipped; for the comparison with Python. */

import { readFileSync } from "node:fs";

import { examineBytes } from "../src/examine.ts";
import { parseBase64, parseTime } from "../src/formats/encoding.ts";
import { reportJson } from "../src/report/detailed.ts";
import type { PolicySource } from "../src/report/model.ts";
import { verify } from "../src/verify.ts";

interface Request {
  readonly name: string;
  readonly evidence: string;
  readonly policy: string;
  readonly documents: readonly { readonly name: string; readonly data: string }[];
  readonly statement: string | null;
  readonly at: string;
  readonly source: PolicySource;
  readonly flips: readonly (readonly [number, number])[];
}

async function answer(request: Request): Promise<void> {
  const [evidence, policy] = [parseBase64(request.evidence), parseBase64(request.policy)];
  const statement = request.statement === null ? undefined : parseBase64(request.statement);
  const documents = request.documents.map(({ name, data }) => ({
    examine: (names: ReadonlySet<string>) => examineBytes(name, parseBase64(data), names),
  }));
  const { name, source } = request;
  for (const [position, bit] of request.flips) {
    const data = evidence.slice();
    data[position] = (data[position] as number) ^ bit;
    const report = await verify({ name, data, documents, statement, policy, source, at: parseTime(request.at) });
    console.log(reportJson(report));
  }
}

for (const request of JSON.parse(readFileSync(0, "utf8")) as Request[]) await answer(request);
