#!/bin/sh
# Brings PDF.js, which shows contracts on the signing page, into portal/static/pdfjs: `make pdfjs`. What it brings is
# committed, so that the service runs without npm; a reader can run this and compare.
set -eu
version=6.5.438
here=$(dirname "$0")/static/pdfjs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent "pdfjs-dist@$version" >/dev/null && tar -xzf "pdfjs-dist-$version.tgz")
from=$work/package
rm -rf "$here"
mkdir -p "$here"
cp "$from/LICENSE" "$from/legacy/build/pdf.min.mjs" "$from/legacy/build/pdf.worker.min.mjs" "$here/"
cp -r "$from/cmaps" "$here/cmaps"
cp -r "$from/standard_fonts" "$here/fonts"
cp -r "$from/wasm" "$here/wasm"
rm "$here"/wasm/*[Qq][Uu][Ii][Cc][Kk][Jj][Ss]*  # it runs scripts of PDFs, which this service refuses
echo "$version" >"$here/VERSION"
