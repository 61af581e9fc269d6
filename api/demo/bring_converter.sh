#!/bin/sh
# Brings LibreOffice's converter for `make run` where packages may be installed. Without it the demonstration goes on, signs
# the contract's PDF instead of its DOCX, and says so.
command -v soffice >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "zheng: installing libreoffice-writer-nogui, which turns DOCX into PDF" >&2
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends libreoffice-writer-nogui >/dev/null && exit 0
fi
echo "zheng: no soffice here: the demonstration starts from a PDF (to see the conversion: apt-get install" \
    "libreoffice-writer-nogui)" >&2
exit 0
