"""Sessions: tokens are renewed once, and end when they should."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from django.conf import settings as django_settings
from django.utils.timezone import now
from support import Api, Response, assert_problem, member

from app.accounts.models import Session, User
from app.accounts.services import PATIENCE

pytestmark = pytest.mark.django_db

REFRESH, LOGOUT = "/api/auth/refresh", "/api/auth/logout"
REVOKED = "The session has ended. Sign in again."
REUSED = "This token has been used before. Use the one that you got for it, or sign in again."
EXPIRED = "The token has expired. Get another, or sign in again."
NOT_VALID = "The token is not valid. Sign in again."


@pytest.fixture
def ada(api: Api) -> Api:
    """Somebody who is signed in."""
    member()
    return api.sign_in("ada@example.com")


def refresh(api: Api, token: str | None = None) -> Response:
    return api.post(REFRESH, {"refresh": token or api.refresh})


def assert_refused(response: Response, code: str, detail: str) -> None:
    assert_problem(response, 401, code, detail)
    assert response.headers["www-authenticate"] == "Bearer"


def claims(token: str) -> dict[str, Any]:
    read: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return read


def forged(key: str = django_settings.SECRET_KEY, algorithm: str = "HS256", **changed: Any) -> str:
    """A token that nobody issued; with the right key, to leave out or change a claim."""
    given = {
        "token_type": "access",
        "exp": now() + timedelta(minutes=5),
        "iat": now(),
        "jti": uuid4().hex,
        "sid": Session.objects.get().pk.hex,
        **changed,
    }
    payload = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(payload, key, algorithm)


def test_a_refresh_token_gets_two_new_ones(ada: Api) -> None:
    body = refresh(ada).json()
    assert body.keys() == {"access", "refresh"}
    assert Api(access=body["access"]).is_signed_in()
    assert refresh(ada, body["refresh"]).status_code == 200
    # What was issued before is good until its time is over.
    assert ada.is_signed_in()


def test_a_session_lives_on_as_long_as_it_is_renewed(ada: Api) -> None:
    Session.objects.update(expires_at=now() + timedelta(minutes=1))
    assert refresh(ada).status_code == 200
    left = Session.objects.get().expires_at - now()
    lifetime = django_settings.SERVICE.refresh_token_lifetime
    assert timedelta(0) <= lifetime - left < timedelta(minutes=1)


def test_a_token_says_nothing_about_whose_it_is(ada: Api) -> None:
    for token in (ada.access, ada.refresh):
        assert claims(token).keys() == {"token_type", "exp", "iat", "jti", "sid"}


def test_a_refresh_token_is_good_once(ada: Api) -> None:
    new = refresh(ada).json()
    assert_refused(refresh(ada), "token_reused", REUSED)
    # It may have been another tab of the same browser.
    assert Api(access=new["access"]).is_signed_in()
    assert refresh(ada, new["refresh"]).status_code == 200


def test_a_token_that_comes_back_later_was_stolen_and_ends_the_session(ada: Api) -> None:
    new = refresh(ada).json()
    Session.objects.update(renewed_at=now() - PATIENCE - timedelta(seconds=1))
    assert_refused(refresh(ada), "token_reused", REUSED)
    assert not Api(access=new["access"]).is_signed_in()
    assert_refused(refresh(ada, new["refresh"]), "token_revoked", REVOKED)


def test_other_sessions_of_the_same_user_go_on(ada: Api) -> None:
    phone = Api().sign_in("ada@example.com")
    refresh(ada)
    Session.objects.update(renewed_at=now() - timedelta(hours=1))
    refresh(ada)
    assert not ada.is_signed_in()
    assert phone.is_signed_in()


def test_signing_out_ends_the_session_at_once(ada: Api) -> None:
    phone = Api().sign_in("ada@example.com")
    response = ada.post(LOGOUT, {"refresh": ada.refresh})
    assert (response.status_code, response.content) == (204, b"")
    assert_refused(ada.get("/api/account"), "token_revoked", REVOKED)
    assert_refused(refresh(ada), "token_revoked", REVOKED)
    assert phone.is_signed_in()


def test_signing_out_twice_is_like_once_and_any_of_its_tokens_will_do(ada: Api) -> None:
    new = refresh(ada).json()
    for token in (ada.refresh, new["refresh"], ada.refresh):
        assert ada.post(LOGOUT, {"refresh": token}).status_code == 204
    assert Session.objects.count() == 0


Change = Callable[[User], object]


def changepassword(user: User) -> None:
    user.set_password("another password")
    user.save()


CHANGES: dict[str, Change] = {
    "another password, by whatever way": changepassword,
    "deactivated": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "deleted": lambda user: user.delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_the_account_ends_all_sessions_at_once(ada: Api, change: Change) -> None:
    phone = Api().sign_in("ada@example.com")
    change(User.objects.get())
    for each in (ada, phone):
        assert_refused(each.get("/api/account"), "token_revoked", REVOKED)
        assert_refused(refresh(each), "token_revoked", REVOKED)


def test_a_hash_with_newer_parameters_is_no_other_password(settings: Any, api: Api) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    user = member()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.ScryptPasswordHasher",
    ]
    assert api.sign_in("ada@example.com").is_signed_in()
    user.refresh_from_db()
    assert user.password.startswith("md5$")
    assert Api().sign_in("ada@example.com").is_signed_in()


ACCESS: dict[str, Callable[[], str]] = {
    "another key": lambda: forged("another key that has enough characters"),
    "no signature": lambda: forged("", "none"),
    "another algorithm": lambda: forged(algorithm="HS384"),
    "no time": lambda: forged(exp=None),
    "no session": lambda: forged(sid=None),
    "a session that is none": lambda: forged(sid="1 OR 1=1"),
    "a number for a session": lambda: forged(sid=1),
    "no identifier": lambda: forged(jti=None),
    "no type": lambda: forged(token_type=None),
    "for refreshing": lambda: forged(token_type="refresh"),
    "nothing": lambda: "..",
    "text": lambda: "garbage",
    "not ASCII": lambda: "\u00e9.\u00e9.\u00e9",
    # {"a":{"a":...
    "nested without end": lambda: "eyJhIjp7" * 900 + ".e30.x",
}


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("token", ACCESS.values(), ids=ACCESS)
def test_an_access_token_that_nobody_issued_is_refused(token: Callable[[], str]) -> None:
    assert_refused(Api(access=token()).get("/api/account"), "token_invalid", NOT_VALID)


@pytest.mark.parametrize("path", [REFRESH, LOGOUT])
def test_a_refresh_token_that_nobody_issued_is_refused(ada: Api, path: str) -> None:
    without = {"for refreshing", "nested without end"}  # one is good, one too long for a field
    wrong = [token() for name, token in ACCESS.items() if name not in without]
    for token in (ada.access, *wrong):
        assert_refused(ada.post(path, {"refresh": token}), "token_invalid", NOT_VALID)
    assert Session.objects.count() == 1


def test_a_token_of_a_session_that_never_was_is_refused(ada: Api) -> None:
    unknown = {"sid": uuid4().hex}
    access, old = forged(**unknown), forged(**unknown, token_type="refresh")
    assert_refused(Api(access=access).get("/api/account"), "token_revoked", REVOKED)
    assert_refused(refresh(ada, old), "token_revoked", REVOKED)
    assert ada.post(LOGOUT, {"refresh": old}).status_code == 204
    assert ada.is_signed_in()


def test_a_token_whose_time_is_over_is_refused(ada: Api) -> None:
    past = now() - timedelta(seconds=1)
    access = forged(exp=past)
    assert_refused(Api(access=access).get("/api/account"), "token_expired", EXPIRED)
    old = forged(exp=past, token_type="refresh", jti=Session.objects.get().refresh_id)
    for path in (REFRESH, LOGOUT):
        assert_refused(ada.post(path, {"refresh": old}), "token_expired", EXPIRED)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token {}", "{}"])
def test_a_header_of_another_form_is_refused(ada: Api, header: str) -> None:
    detail = 'The Authorization header must be "Bearer" and an access token.'
    response = Api().send(
        "GET", "/api/account", headers={"Authorization": header.format(ada.access)}
    )
    assert_refused(response, "token_invalid", detail)


def test_the_scheme_may_be_written_in_any_case(ada: Api) -> None:
    headers = {"Authorization": f"bEARER  {ada.access} "}
    assert Api().send("GET", "/api/account", headers=headers).status_code == 200


def test_without_a_header_one_is_asked_to_sign_in(api: Api) -> None:
    response = api.get("/api/account")
    assert_refused(response, "not_authenticated", "Sign in: the header Authorization is missing.")


def test_a_bad_token_does_not_keep_anybody_from_signing_in(ada: Api) -> None:
    ada.access = "garbage"
    assert ada.sign_in("ada@example.com").is_signed_in()


def test_who_asks_is_found_by_one_statement(ada: Api, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        ada.get("/api/account")


def test_renewing_takes_two_statements(ada: Api, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        assert refresh(ada).status_code == 200


def test_nothing_that_signs_in_is_kept_in_the_database(ada: Api) -> None:
    row = repr(Session.objects.values_list().get())
    assert ada.access not in row
    assert ada.refresh not in row
    assert ada.refresh.split(".")[2] not in row
