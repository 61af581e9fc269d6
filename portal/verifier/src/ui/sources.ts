/** The user's files as the checks ask for them. */

import type { DocumentSource } from "../checks/judging.ts";
import { type Progress, examineFile } from "../examine.ts";

/** Give a file that is read, piece by piece, when its digests are asked for. */
export function fileSource(file: File, progress: Progress): DocumentSource {
  return { examine: (algorithms) => examineFile(file, algorithms, progress) };
}
