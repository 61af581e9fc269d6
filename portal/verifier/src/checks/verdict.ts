/** From checks to axes to the overall word (docs/spec/verification.md §3). */

import { REQUIRED, TOUCHING } from "../generated/catalogue.ts";
import { AXES, type AxisId, type AxisResult, type CheckId, type CheckResult, type Overall, type PolicySource } from "../report/model.ts";

/** Give the checks that decide an axis, and those that can only break it, by number. */
export function checksBehind(axis: AxisId): readonly CheckId[] {
  return [...REQUIRED[axis], ...(TOUCHING[axis] ?? [])].sort();
}

/** Give the verdict of every axis. */
export function judgeAxes(checks: readonly CheckResult[]): AxisResult[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  return AXES.map((axis) => judgeAxis(axis, byId));
}

function judgeAxis(id: AxisId, checks: ReadonlyMap<CheckId, CheckResult>): AxisResult {
  const take = (ids: readonly CheckId[]): CheckResult[] => ids.map((one) => checks.get(one) as CheckResult);
  const required = take(REQUIRED[id]);
  const wrong = [...required, ...take(TOUCHING[id] ?? [])].filter((check) => check.status === "FAILED");
  if (wrong.length > 0) return { id, status: "FAILED", codes: codesOf(wrong) };
  for (const status of ["INDETERMINATE", "SKIPPED", "NOT_PROVIDED"] as const) {
    if (required.some((check) => check.status === status)) {
      const short = required.filter((check) => check.status !== "PASSED" && check.status !== "NOT_APPLICABLE");
      return { id, status, codes: codesOf(short) };
    }
  }
  const material = required.filter((check) => check.status === "SUPPORTED" || check.status === "CONTESTED");
  if (material[0] !== undefined) return { id, status: material[0].status, codes: codesOf(material) };
  if (required.every((check) => check.status === "NOT_APPLICABLE")) return { id, status: "NOT_APPLICABLE", codes: [] };
  return { id, status: "PASSED", codes: codesOf(required.filter((check) => check.code !== "")) };
}

function codesOf(checks: readonly CheckResult[]): string[] {
  return checks.map((check) => `${check.id}:${check.code || check.status}`);
}

/** Give the overall word; a policy from the package, or one not shown to be in force, caps it at INCOMPLETE. */
export function judgeOverall(axes: readonly AxisResult[], source: PolicySource, policyCurrent: boolean): Overall {
  const deciding = axes.slice(0, 4).map((axis) => axis.status);
  if (deciding.includes("FAILED")) return "INCONSISTENT";
  const complete = deciding.slice(0, 3).every((status) => status === "PASSED");
  const signed = deciding[3] === "PASSED" || deciding[3] === "NOT_APPLICABLE";
  return complete && signed && policyCurrent && source !== "package" ? "CONSISTENT" : "INCOMPLETE";
}
