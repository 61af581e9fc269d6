"""What is left of an erased contract: the home folder is searched byte by byte for everything that stood in it."""

import base64
import hashlib
import json
import sys
from pathlib import Path

from api_world import new_id

sys.path.insert(0, str(Path(__file__).parent))  # where the neighbours' makers lie

from test_api_signing_act import Signer, administrator, company, lease, person, seal_of

V1 = "/v1/signing"
MARK = "Quokka"
"""A word that stands in everything below and nowhere else in this installation."""
FIRST, SECOND, THIRD = "13912345061", "13912345062", "13912345063"


def place(x):
    return {"x": x, "y": 60_000, "width": 80_000, "height": 20_000}


def controls():
    """Controls whose words name a person, as the sender of a lease would."""
    return [
        {
            "name": "rent",
            "kind": "text",
            "page": 1,
            "place": place(40_000),
            "rule": {"label": f"月租 {MARK}标签", "default": f"{MARK}默认值"},
        },
        {
            "name": "kind",
            "kind": "choice",
            "page": 1,
            "place": place(140_000),
            "required": False,
            "rule": {"options": [f"{MARK}选项甲", "乙"]},
        },
    ]


def put(tenant, url, body):
    answer = tenant.put(url, json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 204), answer.text


def ok(answer):
    assert answer.status_code < 300, answer.text
    return answer


def forms(value):
    """Every form in which a value might lie somewhere: as text, as digits, as bytes."""
    if isinstance(value, bytes):
        return {
            value,
            value.hex().encode(),
            base64.b64encode(value).rstrip(b"="),
            base64.urlsafe_b64encode(value).rstrip(b"="),
        }
    escaped = json.dumps(value)[1:-1].encode()
    return {
        value.encode(),
        value.encode("utf-16-be"),
        value.encode("utf-16-le"),
        value.encode().hex().encode(),
        escaped,
    }


def left(home, values):
    """Give which values stand in which files of the home folder."""
    wanted = {name: forms(value) for name, value in values.items()}
    found = set()
    for path in sorted(home.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found |= {
                (name, str(path.relative_to(home)))
                for name, each in wanted.items()
                if any(form in content for form in each)
            }
    return found


def digests(world, tenant, contract):
    """Every digest under which documents of a contract are known: they can be computed by whoever guesses a document."""
    kept = ok(tenant.get(f"{V1}/custody/{contract}")).json()["files"]
    return {f"sha256 {number}": bytes.fromhex(each["sha256"]) for number, each in enumerate(kept)} | {
        f"sm3 {number}": bytes.fromhex(each["sm3"]) for number, each in enumerate(kept)
    }


def test_nothing_that_stood_in_an_erased_contract_is_left_in_the_home_folder(world, tenant):
    """Words, names, addresses, values, reasons, bytes and digests of documents: in no file, also not in free pages."""
    admin = administrator(world, tenant)
    firm, agent = company(world, tenant, admin)
    seal = seal_of(world, tenant, admin, firm, agent)
    body = {
        "id": new_id(),
        "title": f"{MARK}租赁合同",
        "business_number": f"{MARK}-2026-7",
        "parties": [
            {"name": f"{MARK}张三", "phone": FIRST},
            {"name": f"{MARK}李四", "email": f"{MARK.lower()}@example.com", "required": False},
            {"account": firm, "kind": "organization"},
        ],
    }
    ok(tenant.post(f"{V1}/contracts", body))
    contract = body["id"]
    file = {"id": new_id(), "contract": contract, "name": f"{MARK}租约.pdf"}
    file |= {"content": base64.b64encode(lease() + b"%" + contract.encode()).decode()}
    document = ok(tenant.post(f"{V1}/documents", file)).json()["document"]
    put(tenant, f"{V1}/documents/{document}/controls", {"controls": controls()})
    put(tenant, f"{V1}/documents/{document}/values", {"values": {"rent": f"{MARK}一千元"}})
    put(tenant, f"{V1}/documents/{document}/watermark", {"text": f"{MARK}水印"})
    attachment = {"id": new_id(), "contract": contract, "name": f"{MARK}附件.pdf", "attachment": True}
    attachment |= {"content": base64.b64encode(lease() + b"%" + MARK.encode()).decode()}
    ok(tenant.post(f"{V1}/documents", attachment))
    world.drain_signing()
    ok(tenant.post(f"{V1}/contracts/{contract}/send"))
    world.drain_signing()
    ok(tenant.post(f"{V1}/contracts/{contract}/remind"))
    first = Signer(world, tenant, FIRST)
    first.view()
    ok(first.post("/delegate", {"name": f"{MARK}王五", "phone": SECOND, "reason": f"{MARK}出差"}))
    world.services.signing.delivery.sending.run("email")
    ok(Signer(world, tenant, SECOND).sign({"text": f"{MARK}王五"}))
    world.drain_signing()
    ok(Signer(world, tenant, "13900000013").sign({"seal": seal}))
    world.drain_signing()
    world.services.signing.management.tick(world.clock())
    seen = ok(tenant.get(f"{V1}/contracts/{contract}")).json()
    values = {
        "the mark": MARK,
        "a phone": FIRST,
        "another phone": SECOND,
        "a mail address": f"{MARK.lower()}@",
        "bytes of the document": lease()[:64],
    } | digests(world, tenant, contract)
    home = world.settings.home
    assert left(home, {"the document": seen["documents"][0]["document"]})  # the search finds what is there
    ok(
        tenant.post(
            f"{V1}/custody/{contract}/erasure", {"basis": "request", "reason": f"{MARK}请求", "force": True}
        )
    )
    world.drain_signing()
    world.services.signing.keeping.upkeep()
    world.services.signing.management.tick(world.clock())
    assert left(home, values) == set()
    lists = [ok(tenant.get(f"{V1}/{each}")).json()["data"] for each in LISTS]
    assert [each["title"] for each in lists[0] if each["id"] == contract] == [""]
    ok(tenant.get(f"{V1}/search?q=Quokka"))
    for url in (f"contracts/{contract}", f"documents?contract={contract}", f"documents/{document}"):
        assert tenant.get(f"{V1}/{url}").status_code in (404, 410), url


LISTS = (
    "contracts",
    "contacts",
    "members",
    "seals",
    "templates",
    "batches",
    "reminders",
    "custody/access-log",
)


def test_what_is_erased_spoils_no_list(world, tenant):
    """An erased account, seal, template and batch: every list of them goes on, and their words are in no file."""
    admin = administrator(world, tenant)
    firm, agent = company(world, tenant, admin)
    seal = seal_of(world, tenant, admin, firm, agent)
    account = person(tenant, f"{MARK}赵六", THIRD, "110105199001017777")
    template = {"id": new_id(), "title": f"{MARK}模板", "name": f"{MARK}模板.pdf", "controls": controls()}
    template |= {"content": base64.b64encode(lease() + b"%template").decode()}
    ok(tenant.post(f"{V1}/templates", template))
    row = {
        "business_number": f"{MARK}-1",
        "people": [{"name": f"{MARK}钱一", "phone": THIRD}],
        "title": f"{MARK}批",
    }
    batch = {
        "id": new_id(),
        "template": template["id"],
        "title": f"{MARK}批次",
        "parties": [{}],
        "rows": [row],
    }
    ok(tenant.post(f"{V1}/batches", batch))
    while world.services.signing.batches.run():
        world.drain_signing()
    (item,) = ok(tenant.get(f"{V1}/batches/{batch['id']}/rows")).json()["data"]
    ok(tenant.post(f"{V1}/contracts/{item['contract']}/withdraw", {"reason": f"{MARK}作罢"})) if item[
        "state"
    ] == "sent" else None
    world.drain_signing()
    values = {
        "the mark": MARK,
        "a phone": THIRD,
        "the template": hashlib.sha256(lease() + b"%template").digest(),
    }
    for owner in (item["contract"], account, seal, template["id"], batch["id"]):
        body = {"basis": "request", "reason": "wish", "force": True}
        ok(tenant.post(f"{V1}/custody/{owner}/erasure", body))
        world.drain_signing()
    world.services.signing.keeping.upkeep()
    assert left(world.settings.home, values) == set()
    answers = {each: tenant.get(f"{V1}/{each}").status_code for each in LISTS}
    assert set(answers.values()) == {200}, answers
