"""Was a document that was shown only prepared for signing before it was signed, filled in, or changed as well?

pyHanko's comparison starts from a signed revision, and takes for granted what the first signature has to add: a
form, a field with its widget on a page, permissions. Here that is allowed and nothing else: every page and every
entry of the catalogue that decides what a reader sees or what runs is compared to the last value. A widget of the new
signature may stand anywhere: it is the seal, and seals cover text. An empty form field that was there already may have
been filled in, where it stands: that is told by name, and whether anybody is said to have done so is for the events.
"""

from dataclasses import dataclass, field
from typing import Any

from zheng_verifier.errors import UncheckableError, shown
from zheng_verifier.pdf_signatures.objects import member, raw, resolve

MAX_NODES = 200_000
"""Values compared in two revisions."""

MAX_NAMED = 1_000
"""Fields that are named as filled in."""

_MAX_DEPTH = 200
# What signing adds or replaces, and what says nothing to a reader.
_CATALOGUE_MAY_CHANGE = {
    "/AcroForm",
    "/Perms",
    "/DSS",
    "/Extensions",
    "/Metadata",
    "/Version",
    "/Pages",
    "/Legal",
}
_PAGE_MAY_CHANGE = {"/Annots", "/Parent", "/LastModified", "/Tabs", "/StructParents"}
# What filling in replaces (ISO 32000-2 §12.7.4, §12.5.5); of the flags the read-only one alone may be set.
_FILLING = {"/V", "/AP", "/AS", "/Ff"}
_FILLED_IN = {"/Tx", "/Btn", "/Ch"}
_READ_ONLY, _PUSH_BUTTON = 1, 1 << 16


@dataclass(frozen=True, slots=True)
class Preparation:
    """What differs between two revisions beyond what signing needs: "" or a few English words; and the fields filled in."""

    different: str
    filled: tuple[str, ...] = ()


def compare_preparation(old: Any, new: Any) -> Preparation:
    """Compare two revisions (pyHanko's resolvers), the later of which is the first that was signed.

    Raises:
        UncheckableError: LIMIT_EXCEEDED.

    """
    comparison = _Comparison()
    different = _difference(comparison, old, new)
    return Preparation(different, () if different else tuple(sorted(comparison.filled))[:MAX_NAMED])


def _difference(comparison: "_Comparison", old: Any, new: Any) -> str:
    if not comparison.same_members(old.root, new.root, _CATALOGUE_MAY_CHANGE):
        return "the document's catalogue"
    before, after = _pages(old.root["/Pages"]), _pages(new.root["/Pages"])
    widgets = _widgets(_form(new.root))
    if len(before) != len(after):
        return "the number of pages"
    for number, (page, later) in enumerate(zip(before, after, strict=True), start=1):
        if not comparison.same_members(page, later, _PAGE_MAY_CHANGE):
            return f"page {number}"
        if not _same_annotations(comparison, page, later, widgets):
            return f"the annotations of page {number}"
    if not _same_fields(comparison, _form(old.root), _form(new.root)):
        return "the form"
    return ""


def _pages(node: Any) -> list[Any]:
    """Give the pages of a tree with what they inherit, in order."""
    found: list[Any] = []
    stack: list[tuple[Any, dict[str, Any]]] = [(node, {})]
    visited = 0
    while stack:
        visited += 1
        current, inherited = stack.pop()
        own = {name: current.raw_get(name) for name in current}
        passed_on = {
            name: value
            for name, value in {**inherited, **own}.items()
            if name in ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
        }
        if "/Kids" in current:
            stack.extend((kid.get_object(), passed_on) for kid in reversed(list(current["/Kids"])))
        else:
            found.append({**passed_on, **own})
        if visited + len(stack) > MAX_NODES:  # also a tree that bites its own tail
            raise UncheckableError("LIMIT_EXCEEDED", "more nodes of the page tree than are compared")
    return found


def _same_annotations(comparison: "_Comparison", page: Any, later: Any, widgets: set[Any]) -> bool:
    """Tell whether all annotations stay as they were, and only widgets of signatures come."""
    before, after = _list(page, "/Annots"), _list(later, "/Annots")
    kept, new = after[: len(before)], after[len(before) :]
    return (
        len(kept) == len(before)
        and all(map(comparison.same_field, before, kept))
        and all(_name(each) in widgets for each in new)
    )


def _same_fields(comparison: "_Comparison", old: Any, new: Any) -> bool:
    before, after = _list(old, "/Fields"), _list(new, "/Fields")
    kept, come = after[: len(before)], after[len(before) :]
    return (
        "/XFA" not in new
        and len(kept) == len(before)
        and all(map(comparison.same_field, before, kept))
        and all(_is_signature(each) for each in come)
    )


def _form(root: Any) -> Any:
    return member(root, "/AcroForm", {})


def _list(container: Any, name: str) -> list[Any]:
    """Give the entries of a list as they stand, as references."""
    found = member(container, name, ())
    return [raw(found, position) for position in range(len(found))]


def _widgets(form: Any) -> set[Any]:
    """Name the widgets of all signature fields: the fields themselves, or what stands below them."""
    fields = [each for each in _list(form, "/Fields") if _is_signature(each)]
    return {_name(each) for field in fields for each in (field, *_list(resolve(field), "/Kids"))}


def _name(reference: Any) -> Any:
    """Give the number of an object; a value that is no object has none, and equals nothing."""
    return (reference.idnum, reference.generation) if hasattr(reference, "idnum") else object()


def _is_empty(field: Any) -> bool:
    """Tell whether this is a field of a form, its own widget, that holds nothing yet."""
    if not isinstance(field, dict) or "/Kids" in field or member(field, "/FT") not in _FILLED_IN:
        return False
    pushed = member(field, "/FT") == "/Btn" and int(member(field, "/Ff", 0)) & _PUSH_BUTTON
    return not pushed and member(field, "/V") in (None, "", "/Off")


def _is_signature(field: Any) -> bool:
    return bool(member(resolve(field), "/FT") == "/Sig")


@dataclass(slots=True)
class _Comparison:
    """One comparison of two revisions; ``left`` are the values it may still look at."""

    left: int = MAX_NODES
    seen: set[tuple[int, int, int, int]] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)

    def same_members(self, one: Any, other: Any, but: set[str]) -> bool:
        """Compare two dictionaries, some members aside."""
        names = {name for name in one if name not in but}
        return names == {name for name in other if name not in but} and all(
            self.same(raw(one, name), raw(other, name)) for name in names
        )

    def same_field(self, one: Any, other: Any) -> bool:
        """Compare two fields or annotations; a signature field may have been signed, an empty one of a form filled in."""
        one, other = resolve(one), resolve(other)
        if _is_signature(one) and "/V" not in one:
            return _is_signature(other) and self.same(member(one, "/T"), member(other, "/T"))
        if not (_is_empty(one) and isinstance(other, dict)):
            return self.same(one, other)
        flags = [int(member(each, "/Ff", 0)) for each in (one, other)]
        if flags[0] | _READ_ONLY != flags[1] | _READ_ONLY or flags[0] & ~flags[1] & _READ_ONLY:
            return False
        if not self.same_members(one, other, {"/P", "/Parent", *_FILLING}):
            return False
        if self._same_content(one, other):
            return True
        self.filled.add(shown(str(member(one, "/T"))))
        return True

    def _same_content(self, one: Any, other: Any) -> bool:
        """Tell whether what a field holds and shows stayed; another look without another value is a filling too."""
        names = [name for name in ("/V", "/AP", "/AS") if name in one]
        return names == [name for name in ("/V", "/AP", "/AS") if name in other] and all(
            self.same(raw(one, name), raw(other, name)) for name in names
        )

    def same(self, one: Any, other: Any, depth: int = 0) -> bool:
        """Compare two values, through references."""
        from pyhanko.pdf_utils import generic

        self.left -= 1
        if self.left < 0 or depth > _MAX_DEPTH:
            raise UncheckableError("LIMIT_EXCEEDED", "more values than are compared")
        if isinstance(one, generic.IndirectObject) and isinstance(other, generic.IndirectObject):
            key = (one.idnum, one.generation, other.idnum, other.generation)
            if key in self.seen:
                return True  # compared above or elsewhere: a difference was or will be found there
            self.seen.add(key)
            if _is_page(one) and key[:2] == key[2:]:
                return True  # a link to a page: pages are compared one by one, without what signing adds
        one, other = resolve(one), resolve(other)
        streams = isinstance(one, generic.StreamObject), isinstance(other, generic.StreamObject)
        if any(streams) and not (all(streams) and one.encoded_data == other.encoded_data):
            return False
        if isinstance(one, generic.DictionaryObject) and isinstance(other, generic.DictionaryObject):
            # The way up is left out: from a page it leads to all pages, and from a widget to its page.
            names = {name for name in one if name not in ("/Parent", "/P")}
            return names == {name for name in other if name not in ("/Parent", "/P")} and all(
                self.same(one.raw_get(name), other.raw_get(name), depth + 1) for name in names
            )
        if isinstance(one, generic.ArrayObject) and isinstance(other, generic.ArrayObject):
            return len(one) == len(other) and all(
                self.same(one.raw_get(i), other.raw_get(i), depth + 1) for i in range(len(one))
            )
        numbers = generic.NumberObject, generic.FloatObject
        alike = type(one) is type(other) or (isinstance(one, numbers) and isinstance(other, numbers))
        return alike and bool(one == other)  # 50.0 and 50 are one number, however a program writes it


def _is_page(reference: Any) -> bool:
    target = resolve(reference)
    return isinstance(target, dict) and member(target, "/Type") in ("/Page", "/Pages")
