"""An organisation whose members use the desk: how they come in, and what tests need them to have."""

import base64
import io
import re
from functools import cache

import pikepdf
from api_world import new_id

from signing.database import write
from signing.people.accounts import NewAccount
from signing.people.agreements import REQUIRED, Yes, current
from signing.people.profile import Profile
from signing.people.roles import Role
from signing.people.secrets import totp_code
from signing.principal import Principal, Seen, system

PASSWORD = "correct horse battery"
TEXT = b"BT /F1 12 Tf 72 700 Td (This lease shall automatically renew for one year.) Tj ET"


@cache
def lease(pages=2):
    """A PDF of some pages with a line on each."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(595, 842))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            pdf.pages[-1].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            pdf.pages[-1].Contents = pdf.make_stream(TEXT)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


class Organisation:
    """A tenant with members; ``links`` are one-time links not opened yet."""

    def __init__(self, world, name="示例科技有限公司"):
        self.world, self.tenant = world, world.tenant(name=name)
        self.desk, self.by = world.services.signing, system(self.tenant.id)
        self.desk.people.organisations.describe(
            self.by, Profile(name, uscc="91330106MA27XY1236"), request=new_id()
        )

    def member(self, name, login, *roles):
        """Create a member; gives the account's id."""
        profile = Profile(name, login=login, department="法务部")
        new = NewAccount(
            new_id(), "person", internal=True, profile=profile, roles=frozenset(map(Role, roles))
        )
        return self.desk.people.accounts.create(self.by, new)[0].id

    def contact(self, name, phone, number=""):
        """Create a contact outside; gives the account's id."""
        profile = Profile(name, phone=phone, id_type="id_card" if number else "", id_number=number)
        new = NewAccount(new_id(), "person", internal=False, profile=profile)
        return self.desk.people.accounts.create(self.by, new)[0].id

    def link(self, account):
        """Make the one-time link of an account: the path on the site."""
        return f"/setup#{self.desk.people.setups.invite(self.by, account).token}"

    def manual_check(self, account, file):
        """Have an account checked by hand, with a file; gives the check that waits for an examiner."""
        text = current("identity_verification", "zh-CN")
        agreed = {"name": text.name, "version": text.version, "locale": text.locale}
        agreed |= {"text_sha256": text.sha256, "action": "checkbox"}
        given = self.tenant.post("/v1/signing/consents", {"account": account, "consent": agreed})
        assert given.status_code == 201, given.text
        body = {"id": new_id(), "account": account, "method": "manual"}
        check = self.tenant.post("/v1/signing/identities", body).json()["id"]
        url = f"/v1/signing/identities/{check}/material"
        put = self.tenant.put(url, file, headers={"Content-Type": "image/jpeg"})
        assert put.status_code == 200, put.text
        return check

    def session(self, account, *, agreed=True):
        """Open a session of an account without its login; gives the token. ``agreed``: it accepted what is required."""
        if agreed:
            texts = [current(name, "zh-CN") for name in REQUIRED]
            yes = [Yes(text.name, text.version, text.locale, text.sha256, "checkbox") for text in texts]
            himself = Principal(self.tenant.id, "member", account=account)
            self.desk.people.agreements.accept(himself, account, yes)
        with write(self.desk.context.engine) as session:
            return self.desk.people.sessions.open_member(session, self.tenant.id, account, Seen()).token

    def settle(self):
        """Do what the serving process does in the background: deposit, send messages, index."""
        self.world.drain_signing()
        self.desk.delivery.sending.run("sms")
        while self.desk.management.indexer.tick():
            pass


def set_up(page, world, link, language="zh"):
    """Go through a one-time link in a browser; gives the secret of the second factor."""
    path, _, token = link.partition("#")
    page.goto(f"{path}?lang={language}#{token}")
    page.wait_for_selector("[data-secret]")
    secret = base64.b32decode(page.locator("[data-secret]").inner_text().replace(" ", ""))
    page.fill("#code", totp_code(secret, world.clock()))
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    for box in page.locator("input[name=agreed]").all():
        box.check()
    page.locator("form button").click()
    page.wait_for_selector(".recovery")
    codes = page.locator(".recovery li").all_inner_texts()
    page.locator("a.button").click()
    page.wait_for_url(re.compile(r"/desk(\?.*)?$"))
    return secret, codes
