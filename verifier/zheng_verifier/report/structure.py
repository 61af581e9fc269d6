"""How checks rest on one another: what has to hold before a check says anything (docs/spec/verification.md §2)."""

from collections.abc import Mapping

from zheng_verifier.report.model import CheckId

_C = CheckId
DEPENDS_ON: Mapping[CheckId, tuple[CheckId, ...]] = {
    _C.C02: (_C.C03,),
    _C.C04: (_C.C03, _C.C06),
    _C.C05: (_C.C03, _C.C06),
    _C.C06: (_C.C07,),
    _C.C08: (_C.C07,),
    _C.C09: (_C.C07,),
    _C.C10: (_C.C09,),
    _C.C11: (_C.C07,),
    _C.C12: (_C.C10,),
    _C.C13: (_C.C02,),
    _C.C14: (_C.C13,),
    _C.C15: (_C.C03,),
    _C.C16: (_C.C03, _C.C06, _C.C10, _C.C11),
    _C.C18: (_C.C03,),
    _C.C19: (_C.C03,),
    _C.C20: (_C.C03, _C.C04),
    _C.C21: (_C.C03,),
}
"""The checks whose results a check uses; one that is not listed stands alone."""
