"""LibreOffice as converter: headless, a profile of its own for each run, our fonts alone, no macros, no network.

The profile's settings forbid macros and links to elsewhere (`org.openoffice.Office.Common`). A private fontconfig file names
our fonts and LibreOffice's own font of symbols and nothing else, so that a document looks alike on all machines. The
document was inspected and, if DOCX, written anew before (`parsing`): this is the second line of defence.
"""

import re
import shutil
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path
from xml.sax.saxutils import escape

from zheng_verifier.pdf.characters import Coverage
from zheng_verifier.pdf.fonts import FAMILY, coverage
from zheng_verifier.pdf.fonts import FOLDER as FONTS

from signing.documents.confinement import Bounds, run_confined
from signing.documents.kinds import Kind
from signing.documents.limits import DEFAULT_LIMITS, DocumentLimits
from signing.documents.ports import Converted
from signing.errors import Refused

TOOL = "libreoffice"
INSTALL = "apt-get install --no-install-recommends libreoffice-writer-nogui"
# The font of bullets, boxes and ticks that comes with LibreOffice (Debian's packages depend on it; builds bring it along).
_SYMBOLS = ("../share/fonts/truetype", "/usr/share/fonts/truetype/libreoffice")
_SYMBOL_FONT = "opens___.ttf"
_VERSION = re.compile(r"LibreOffice (\d{1,5}(?:\.\d{1,5}){1,3})")
_FILTERS = {Kind.DOCX: "MS Word 2007 XML", Kind.DOC: "MS Word 97"}
# Options of the PDF export: PDF/A-2b with tags, no form fields, comments neither as notes nor in the margin.
_EXPORT = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"},'
    '"ExportFormFields":{"type":"boolean","value":"false"},'
    '"ExportNotes":{"type":"boolean","value":"false"},'
    '"ExportBookmarks":{"type":"boolean","value":"true"},'
    '"ReduceImageResolution":{"type":"boolean","value":"false"},'
    '"Quality":{"type":"long","value":"95"}}'
)
_COMMON = "/org.openoffice.Office.Common/"
_SETTINGS = (
    (_COMMON + "Security/Scripting", "DisableMacrosExecution", "true"),
    (_COMMON + "Security/Scripting", "MacroSecurityLevel", "3"),
    (_COMMON + "Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    (_COMMON + "Security/Scripting", "DisableActiveContent", "true"),
    (_COMMON + "Security/Scripting", "DisableOLEAutomation", "true"),
    (_COMMON + "Misc", "UseOpenCL", "false"),
    (_COMMON + "Java/ApplicationSettings", "Enable", "false"),
    ("/org.openoffice.Office.Java/VirtualMachine", "Enable", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("/org.openoffice.Office.Linguistic/General", "IsIgnoreControlCharacters", "true"),
)


class SofficeConverter:
    """The ``Converter`` over an installed LibreOffice; ``program`` is its path, looked for where None."""

    def __init__(self, program: str | None = None, limits: DocumentLimits = DEFAULT_LIMITS) -> None:
        self._program = program or shutil.which("soffice") or ""
        self._limits = limits

    @cached_property
    def version(self) -> str:
        """The version that converts: digits and dots.

        Raises:
            Refused: converter-missing.

        """
        try:
            # Any folder for its profile but the user's own.
            with tempfile.TemporaryDirectory(prefix="zheng-soffice-") as home:
                answer = subprocess.run(
                    [self._program, "--version"],
                    capture_output=True,
                    timeout=30,
                    check=True,
                    env={"HOME": home, "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise Refused(
                "converter-missing",
                "No LibreOffice is installed here to convert documents.",
                expected=INSTALL,
            ) from error
        found = _VERSION.search(answer.stdout.decode("utf-8", "replace"))
        if found is None:
            raise Refused(
                "converter-missing", "What is installed as soffice is no LibreOffice.", expected=INSTALL
            )
        return found[1]

    @cached_property
    def _symbols(self) -> Path | None:
        """LibreOffice's own font of symbols."""
        near = Path(self._program).resolve().parent
        return next((each for name in _SYMBOLS if (each := near / name / _SYMBOL_FONT).is_file()), None)

    @cached_property
    def _printed(self) -> tuple[Coverage, ...]:
        return coverage(), *(() if self._symbols is None else (_query_coverage(self._symbols),))

    def prints(self, code_point: int) -> bool:
        """Tell whether one of the fonts it may use has the character."""
        return any(code_point in each for each in self._printed)

    def convert(self, content: bytes, kind: Kind) -> Converted:
        """Convert in a folder that is gone afterwards."""
        version = self.version
        with tempfile.TemporaryDirectory(prefix="zheng-convert-") as name:
            folder = Path(name)
            (folder / f"document.{kind.extension}").write_bytes(content)
            _write_profile(folder, self._symbols)
            code = run_confined(
                (
                    "program",
                    self._program,
                    f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                    "--headless",
                    "--invisible",
                    "--nologo",
                    "--nodefault",
                    "--nofirststartwizard",
                    "--norestore",
                    "--nolockcheck",
                    f"--infilter={_FILTERS[kind]}",
                    "--convert-to",
                    _EXPORT,
                    "--outdir",
                    str(folder / "result"),
                    f"document.{kind.extension}",
                ),
                bounds=Bounds(
                    self._limits.conversion_memory,
                    self._limits.conversion_seconds,
                    self._limits.conversion_output,
                ),
                folder=folder,
                environment=_environment(folder),
            )
            result = folder / "result" / "document.pdf"
            if code is None:
                raise Refused("document-limit", "Converting the document took longer than is given to one.")
            if code != 0 or not result.is_file():
                raise Refused("conversion-failed", "LibreOffice could not convert the document.")
            return Converted(result.read_bytes(), TOOL, version)


def _query_coverage(font: Path) -> Coverage:
    """Ask fontconfig, which LibreOffice brings along, for the characters of a font; none if it cannot tell."""
    try:
        answer = subprocess.run(
            ["fc-query", "--format", "%{charset}", str(font)], capture_output=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return Coverage((), ())
    ranges = [part.split("-") for part in answer.stdout.decode("ascii", "replace").split()]
    return Coverage(tuple(int(each[0], 16) for each in ranges), tuple(int(each[-1], 16) for each in ranges))


def _environment(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder / "home"),
        "TMPDIR": str(folder / "temporary"),
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "SAL_USE_VCLPLUGIN": "svp",
        "TZ": "Asia/Shanghai",
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }


def _write_profile(folder: Path, symbols: Path | None) -> None:
    for name in ("home", "temporary", "result", "profile/user", "font-cache"):
        (folder / name).mkdir(parents=True)
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "profile/user/registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>"
    )
    folders = [FONTS, *(() if symbols is None else (symbols.parent,))]
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        + "".join(f"<dir>{escape(str(each))}</dir>" for each in folders)
        + f"<cachedir>{escape(str(folder / 'font-cache'))}</cachedir>"
        '<match target="pattern">'
        '<test name="family" qual="all" compare="not_eq"><string>OpenSymbol</string></test>'
        '<edit name="family" mode="assign" binding="strong">'
        f"<string>{FAMILY}</string><string>OpenSymbol</string></edit></match></fontconfig>"
    )
