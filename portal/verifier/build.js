// Build the page: one HTML file that asks for nothing but itself. With --check compare it with the one in the tree;
// with --tests build the tests of the core for `node --test`.
//
// The file is the same on every machine: pinned esbuild, pinned libraries, no paths, no dates.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, "..", "static", "zheng-verifier.html");
const COMMON = { bundle: true, charset: "utf8", legalComments: "none", target: "es2022", absWorkingDir: HERE };

function hashOf(text) {
  return `sha256-${createHash("sha256").update(text, "utf8").digest("base64")}`;
}

async function page() {
  const options = { ...COMMON, write: false, minify: true };
  const script = await build({ ...options, entryPoints: ["src/ui/main.ts"], format: "iife" });
  const style = await build({ ...options, entryPoints: ["src/ui/style.css"] });
  const [js, css] = [script, style].map((result) => result.outputFiles[0].text.trim());
  if (/<\/(script|style)/i.test(js + css)) throw new Error("script or style would end early");
  const policy = `default-src 'none'; script-src '${hashOf(js)}'; style-src '${hashOf(css)}'; base-uri 'none'; form-action 'none'`;
  const places = { POLICY: policy, STYLE: css, SCRIPT: js, LICENCES: readFileSync(join(HERE, "licences.txt"), "utf8").trim() };
  const template = readFileSync(join(HERE, "src/ui/page.html"), "utf8");
  return template.replace(/\{\{([A-Z]+)\}\}/g, (_, name) => places[name]);
}

if (process.argv.includes("--tests")) {
  await build({
    ...COMMON,
    entryPoints: { tests: "tests/all.ts", flips: "tests/flips.ts" },
    outdir: ".cache",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
  });
} else {
  const html = await page();
  if (process.argv.includes("--check")) {
    if (!existsSync(TARGET) || readFileSync(TARGET, "utf8") !== html) {
      console.error("portal/static/zheng-verifier.html is not what the sources build: run `make verifier`");
      process.exitCode = 1;
    }
  } else {
    mkdirSync(dirname(TARGET), { recursive: true });
    writeFileSync(TARGET, html);
    const digest = createHash("sha256").update(html).digest("hex");
    console.log(`portal/static/zheng-verifier.html: ${Buffer.byteLength(html)} bytes, SHA-256 ${digest}`);
  }
}
