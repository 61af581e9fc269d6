// Compile src/ with the pinned npm solc and write the artifact; with --check compare it with the one in the tree.
//
// The artifact is the same on every machine: one fixed compiler, fixed settings, no metadata hash in the bytecode, no
// paths, sorted keys. It goes to two places, byte for byte the same: artifact/ here, for readers of the contract, and
// the Python package `anchor`, because an installed service finds only files of its own package.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const solc = require("solc");
const { keccak256 } = require("js-sha3");

const SOURCES = ["src/EvidenceAnchor.sol", "src/RFC9162.sol", "src/interfaces/IEvidenceAnchor.sol"];
const TARGETS = ["artifact/EvidenceAnchor.json", "../anchor/contract_artifact.json"];

const SETTINGS = {
  // Chains still run Istanbul, London, Berlin genesis files: later targets emit PUSH0 and MCOPY, unknown there.
  evmVersion: "paris",
  optimizer: { enabled: true, runs: 1000 },
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: {
    "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "storageLayout"] },
  },
};

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

// Storage types carry node numbers of the syntax tree, which say nothing: drop them.
function layout(storageLayout) {
  const plain = (text) => text.replace(/\)\d+_storage/g, ")_storage");
  const entry = ({ label, slot, offset, type }) => ({ label, offset, slot, type: plain(type) });
  const types = Object.entries(storageLayout.types).map(([name, type]) => [
    plain(name),
    { label: type.label, numberOfBytes: type.numberOfBytes, ...(type.members && { members: type.members.map(entry) }) },
  ]);
  return { storage: storageLayout.storage.map(entry), types: Object.fromEntries(types) };
}

function artifact() {
  const sources = Object.fromEntries(
    SOURCES.map((name) => [name, { content: fs.readFileSync(path.join(__dirname, name), "utf8") }]),
  );
  const input = { language: "Solidity", sources, settings: SETTINGS };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  if (output.errors && output.errors.length > 0) {
    throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));
  }
  const contract = output.contracts["src/EvidenceAnchor.sol"].EvidenceAnchor;
  const runtime = contract.evm.deployedBytecode.object;
  return {
    abi: contract.abi,
    bytecode: "0x" + contract.evm.bytecode.object,
    codeHash: "0x" + keccak256(Buffer.from(runtime, "hex")),
    compiler: { name: "solc", version: solc.version(), settings: SETTINGS },
    contractName: "EvidenceAnchor",
    deployedBytecode: "0x" + runtime,
    sourceHashes: Object.fromEntries(SOURCES.map((name) => [name, "0x" + keccak256(sources[name].content)])),
    storageLayout: layout(contract.storageLayout),
  };
}

const text = JSON.stringify(sorted(artifact()), null, 1) + "\n";
let differs = false;
for (const target of TARGETS) {
  const file = path.join(__dirname, target);
  if (process.argv.includes("--check")) {
    if (!fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text) {
      console.error(`${target} is not what the sources compile to: run \`npm run build\``);
      differs = true;
    }
  } else {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    console.log(`${target}: ${text.length} bytes`);
  }
}
process.exitCode = differs ? 1 : 0;
