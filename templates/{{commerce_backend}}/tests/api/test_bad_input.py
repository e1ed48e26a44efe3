"""What cannot be right is refused with a sentence that says what is wrong, and changes nothing."""

import json
from typing import Any

import pytest
from shop import ADDRESS, Person, join, product, snapshot, wire
from support import Json

from app.roles.services import Role

pytestmark = pytest.mark.django_db

CATEGORY = {"name": "New", "slug": "new"}
PRODUCT = {
    "sku": "NEW-01",
    "name": "New",
    "slug": "new",
    "category": "kitchen",
    "price": wire("12.50 EUR"),
    "description": "New.",
    "tax_rate": "19",
    "stock": 1,
    "is_active": True,
}
STOCK = {"change": 1}
LINE = {"sku": "MUG-01", "quantity": 1}
QUANTITY = {"quantity": 1}
CHECKOUT = {"address": ADDRESS, "expected_total": wire("12.50 EUR")}
REASON = {"reason": "Why not."}

REQUIRED = "This field is required."
NULL = "This field may not be null."
BLANK = "must not be blank"
ONE_LINE = "must not be blank, nor contain line breaks or control characters"
EMPTY = "This field may not be blank."
STRING = "Not a valid string."
OBJECT = "must be an object"
NUL = "must not contain the character NUL"
NO_NUL = "Null characters are not allowed."
SLUG = "must be small letters, digits and single hyphens, such as blue-mug"
SKU = "must be capital letters, digits and hyphens, such as MUG-01"
AMOUNT = "must be an amount as text, such as 12.50"
CODE = "must be the code of a currency, such as EUR"
CURRENCY = "Give the code of a currency that we sell in: CHF, EUR, GBP, JPY, KWD, USD."
PERCENT = "must be a percentage as text, such as 7.5"
INTEGER = "A valid integer is required."
BOOLEAN = "Must be a valid boolean."
COUNTRY = "must be two capital letters, such as DE"
ABOVE_ZERO = "A price must be above zero."

MISSING = "a field that is left out"


def longest(characters: int) -> str:
    return f"Ensure this field has no more than {characters} characters."


def least(number: int) -> str:
    return f"Ensure this value is greater than or equal to {number}."


def most(number: int) -> str:
    return f"Ensure this value is less than or equal to {number}."


# A field, a value that it cannot have, and what is said of it.
Wrong = tuple[str, Json, str]

NAME: list[Wrong] = [
    ("name", MISSING, REQUIRED),
    ("name", None, NULL),
    ("name", 1, STRING),
    ("name", True, STRING),
    ("name", ["x"], STRING),
    ("name", {}, STRING),
    ("name", "", EMPTY),
    ("name", " \t\n\u00a0\u2003", BLANK),
    ("name", "a\0b", BLANK),
]
SLUGS: list[Wrong] = [
    ("slug", MISSING, REQUIRED),
    ("slug", None, NULL),
    ("slug", 1, STRING),
    ("slug", "", EMPTY),
    ("slug", "Blue", SLUG),
    ("slug", "blue_mug", SLUG),
    ("slug", "blue mug", SLUG),
    ("slug", "-blue", SLUG),
    ("slug", "blue--mug", SLUG),
    ("slug", "blue-", SLUG),
    ("slug", "blau/e", SLUG),
    ("slug", "bl\u00e4u", SLUG),
    ("slug", "blue\n", SLUG),
    ("slug", "a\0", SLUG),
    ("slug", "\u0663", SLUG),
]
PRICES: list[Wrong] = [
    ("price", MISSING, REQUIRED),
    ("price", None, NULL),
    ("price", 12.5, OBJECT),
    ("price", "12.50", OBJECT),
    ("price", [], OBJECT),
    ("price.amount", MISSING, REQUIRED),
    ("price.amount", None, NULL),
    ("price.amount", 12.5, STRING),
    ("price.amount", 12, STRING),
    ("price.amount", "", EMPTY),
    ("price.amount", "x", AMOUNT),
    ("price.amount", "-1.00", AMOUNT),
    ("price.amount", "+1.00", AMOUNT),
    ("price.amount", " 1.00", AMOUNT),
    ("price.amount", "1.00\n", AMOUNT),
    ("price.amount", "1,00", AMOUNT),
    ("price.amount", "1.", AMOUNT),
    ("price.amount", ".5", AMOUNT),
    ("price.amount", "1e3", AMOUNT),
    ("price.amount", "NaN", AMOUNT),
    ("price.amount", "Infinity", AMOUNT),
    ("price.amount", "1.0000", AMOUNT),
    ("price.amount", "100000000000", AMOUNT),
    ("price.amount", "\u0661", AMOUNT),
    ("price.amount", "1\0", AMOUNT),
    ("price.amount", "9" * 5000, AMOUNT),
    ("price.amount", "12.505", "The smallest amount of EUR is 0.01."),
    ("price.amount", "0", ABOVE_ZERO),
    ("price.amount", "0.00", ABOVE_ZERO),
    ("price.currency", MISSING, REQUIRED),
    ("price.currency", None, NULL),
    ("price.currency", 1, STRING),
    ("price.currency", "", EMPTY),
    ("price.currency", "eur", CODE),
    ("price.currency", "EURO", CODE),
    ("price.currency", "\u20ac", CODE),
    ("price.currency", "XYZ", CURRENCY),
    ("price.currency", "CLF", CURRENCY),
]
REST_OF_A_PRODUCT: list[Wrong] = [
    ("category", None, NULL),
    ("category", 1, STRING),
    ("category", "Kitchen", SLUG),
    ("category", "x" * 81, longest(80)),
    ("description", None, NULL),
    ("description", 1, STRING),
    ("description", "a\0b", NUL),
    ("description", "x" * 5001, longest(5000)),
    ("tax_rate", None, NULL),
    ("tax_rate", 19, STRING),
    ("tax_rate", "", EMPTY),
    ("tax_rate", "-1", PERCENT),
    ("tax_rate", "100", PERCENT),
    ("tax_rate", "19%", PERCENT),
    ("tax_rate", "1.234", PERCENT),
    ("tax_rate", "1e1", PERCENT),
    ("tax_rate", "\u0661", PERCENT),
    ("is_active", None, NULL),
    ("is_active", "true", BOOLEAN),
    ("is_active", 1, BOOLEAN),
    ("is_active", [], BOOLEAN),
]
QUANTITIES: list[Wrong] = [
    ("quantity", MISSING, REQUIRED),
    ("quantity", None, NULL),
    ("quantity", "1", INTEGER),
    ("quantity", 1.5, INTEGER),
    ("quantity", True, INTEGER),
    ("quantity", [], INTEGER),
    ("quantity", 0, least(1)),
    ("quantity", -1, least(1)),
    ("quantity", 100, most(99)),
    ("quantity", 1e300, most(99)),
    ("quantity", 10**400, most(99)),
]


def address(field: str, characters: int) -> list[Wrong]:
    return [
        (f"address.{field}", MISSING, REQUIRED),
        (f"address.{field}", None, NULL),
        (f"address.{field}", 1, STRING),
        (f"address.{field}", "", EMPTY),
        (f"address.{field}", " ", ONE_LINE),
        (f"address.{field}", "a\0b", ONE_LINE),
        (f"address.{field}", "a\nb", ONE_LINE),
        (f"address.{field}", "a\u2028b", ONE_LINE),
        (f"address.{field}", "x" * (characters + 1), longest(characters)),
    ]


# Route, a body that is right, and what is wrong in which field.
FIELDS: list[tuple[str, dict[str, Any], list[Wrong]]] = [
    (
        "POST /categories",
        CATEGORY,
        [
            *NAME,
            ("name", "x" * 81, longest(80)),
            *SLUGS,
            ("slug", "x" * 81, longest(80)),
        ],
    ),
    (
        "PATCH /categories/kitchen",
        CATEGORY,
        [wrong for wrong in NAME + SLUGS if wrong[1] is not MISSING],
    ),
    (
        "POST /products",
        PRODUCT,
        [
            *NAME,
            ("name", "x" * 121, longest(120)),
            *SLUGS,
            ("slug", "x" * 121, longest(120)),
            *PRICES,
            ("category", MISSING, REQUIRED),
            *REST_OF_A_PRODUCT,
            ("sku", MISSING, REQUIRED),
            ("sku", None, NULL),
            ("sku", 1, STRING),
            ("sku", "", EMPTY),
            ("sku", "mug-01", SKU),
            ("sku", "MUG_01", SKU),
            ("sku", "MUG 01", SKU),
            ("sku", "-MUG", SKU),
            ("sku", "MUG-", SKU),
            ("sku", "MUG\n", SKU),
            ("sku", "M\u00dcG", SKU),
            ("stock", None, NULL),
            ("stock", "1", INTEGER),
            ("stock", 1.5, INTEGER),
            ("stock", False, INTEGER),
            ("stock", -1, least(0)),
            ("stock", 1_000_001, most(1_000_000)),
            ("stock", 10**400, most(1_000_000)),
        ],
    ),
    (
        "PATCH /products/mug-01",
        {name: value for name, value in PRODUCT.items() if name not in {"sku", "stock"}},
        [
            wrong
            for wrong in NAME + SLUGS + PRICES + REST_OF_A_PRODUCT
            if wrong[1] is not MISSING or "." in wrong[0]
        ],
    ),
    (
        "POST /products/mug-01/stock",
        STOCK,
        [
            ("change", MISSING, REQUIRED),
            ("change", None, NULL),
            ("change", "1", INTEGER),
            ("change", 0.5, INTEGER),
            ("change", True, INTEGER),
            ("change", 1_000_001, most(1_000_000)),
            ("change", -1_000_001, least(-1_000_000)),
            ("change", 10**400, most(1_000_000)),
            ("change", -(10**400), least(-1_000_000)),
        ],
    ),
    (
        "POST /cart/lines",
        LINE,
        [
            *QUANTITIES,
            ("sku", MISSING, REQUIRED),
            ("sku", None, NULL),
            ("sku", 1, STRING),
            ("sku", "", EMPTY),
            ("sku", "mug-01", SKU),
            ("sku", "A\0", SKU),
        ],
    ),
    ("PUT /cart/lines/MUG-01", QUANTITY, QUANTITIES),
    (
        "POST /orders",
        CHECKOUT,
        [
            ("address", MISSING, REQUIRED),
            ("address", None, NULL),
            ("address", "Berlin", OBJECT),
            ("address", [], OBJECT),
            *address("recipient", 120),
            *address("street", 200),
            *address("postal_code", 20),
            *address("city", 120),
            ("address.country", MISSING, REQUIRED),
            ("address.country", None, NULL),
            ("address.country", "", EMPTY),
            ("address.country", "de", COUNTRY),
            ("address.country", "DEU", COUNTRY),
            ("address.country", "D1", COUNTRY),
            ("address.country", "DE\n", COUNTRY),
            ("expected_total", None, NULL),
            ("expected_total", "12.50", OBJECT),
            ("expected_total.amount", MISSING, REQUIRED),
            ("expected_total.amount", 12.5, STRING),
            ("expected_total.amount", "-12.50", AMOUNT),
            ("expected_total.currency", MISSING, REQUIRED),
            ("expected_total.currency", "XYZ", CURRENCY),
        ],
    ),
    (
        "POST /orders/{order}/cancel",
        REASON,
        [
            ("reason", None, NULL),
            ("reason", 1, STRING),
            ("reason", "a\0b", NUL),
            ("reason", "x" * 201, longest(200)),
        ],
    ),
    (
        "POST /orders/{order}/refund",
        REASON,
        [("reason", None, NULL), ("reason", [], STRING), ("reason", "x" * 201, longest(200))],
    ),
]


def scene() -> tuple[Person, str]:
    """Somebody who may do everything, has a cart, and has placed an order with this number."""
    product("MUG-01")
    anna = join("anna", Role.ADMINISTRATOR)
    number = anna.buy("MUG-01")["number"]
    anna.add("MUG-01")
    return anna, number


def send(person: Person, route: str, number: str, body: Any) -> tuple[int, list[tuple[str, str]]]:
    """Send a request; return the status and what is said of which field."""
    method, path = route.format(order=number).split()
    response = person.request(method, path, body, {"Idempotency-Key": "k1"})
    problem = response.json()
    return response.status_code, [(each["field"], each["message"]) for each in problem["errors"]]


def changed(body: dict[str, Any], field: str, value: Json) -> dict[str, Any]:
    """A body with another value in a field, which may be within another."""
    name, _, rest = field.partition(".")
    if rest:
        return {**body, name: changed(body[name], rest, value)}
    others = {key: each for key, each in body.items() if key != name}
    return others if value == MISSING else {**others, name: value}


def differences(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    return {
        case: {"found": found[case], "expected": expected[case]}
        for case in expected
        if found[case] != expected[case]
    }


def test_each_field_is_checked_and_the_message_names_it() -> None:
    anna, number = scene()
    before = snapshot()
    found, expected = {}, {}
    for route, right, wrongs in FIELDS:
        for field, value, message in wrongs:
            case = f"{route}: {field} = {str(value)[:30]!r} ({type(value).__name__})"
            found[case] = send(anna, route, number, changed(right, field, value))
            # Two rules are broken by that character.
            messages = [NO_NUL, message] if "\0" in str(value) else [message]
            expected[case] = (400, [(field, each) for each in messages])
    assert differences(found, expected) == {}
    assert snapshot() == before


def test_half_a_character_is_refused_wherever_text_is_taken() -> None:
    """JSON can name one half of a surrogate pair, which is no text, and which no database takes."""
    anna, number = scene()
    before = snapshot()
    places = []
    for route, right, _ in FIELDS:
        for field in texts(right):
            content = json.dumps(changed(right, field, "A\udfff")).encode()
            status, problems = send(anna, route, number, content)
            if status != 400 or {name for name, _ in problems} != {field}:
                places.append((route, field, status, problems))
    assert places == []
    assert snapshot() == before


def texts(body: dict[str, Any], before: str = "") -> list[str]:
    """The fields of a body that have text, also those within others."""
    found = []
    for name, value in body.items():
        if isinstance(value, dict):
            found += texts(value, f"{before}{name}.")
        elif isinstance(value, str):
            found.append(before + name)
    return found


def test_all_that_is_wrong_is_said_at_once() -> None:
    anna, number = scene()
    body = {"address": {"recipient": 1, "city": " ", "country": "x"}, "expected_total": []}
    assert send(anna, "POST /orders", number, body) == (
        400,
        [
            ("address.recipient", STRING),
            ("address.street", REQUIRED),
            ("address.postal_code", REQUIRED),
            ("address.city", ONE_LINE),
            ("address.country", COUNTRY),
            ("expected_total", OBJECT),
        ],
    )


# A body that cannot be read at all, the status, and what is said of the whole.
BODIES: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, ""),
    "null": (b"null", 400, ""),
    "a list": (b"[]", 400, ""),
    "a number": (b"1", 400, ""),
    "text": (b'"x"', 400, ""),
    "no number": (b"NaN", 400, "malformed"),
    "cut off": (b'{"address":', 400, "malformed"),
    "more after the end": (b"{} {}", 400, "malformed"),
    "JavaScript": (b"{'a': 1}", 400, "malformed"),
    "not UTF-8": (b'{"address": "\xff"}', 400, "malformed"),
    "endless lists": (b"[" * 100_000, 400, "malformed"),
    "deep objects": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, 400, "malformed"),
    "a number of 5000 digits": (b'{"quantity": ' + b"9" * 5000 + b"}", 400, "malformed"),
    "a number without end": (b'{"quantity": 1e999}', 400, "malformed"),
    "more than a mebibyte": (b" " * 1_048_577, 413, "body_too_large"),
}


def test_a_body_that_cannot_be_read_is_refused_by_every_route_that_takes_one() -> None:
    anna, number = scene()
    before = snapshot()
    found, expected = {}, {}
    for route, _, _ in FIELDS:
        method, path = route.format(order=number).split()
        for name, (content, status, code) in BODIES.items():
            # What may be left out is left out by an empty body.
            if name == "nothing" and ("cancel" in route or "refund" in route or method == "PATCH"):
                continue
            case = f"{route}: {name}"
            response = anna.request(method, path, content, {"Idempotency-Key": "k1"})
            found[case] = (response.status_code, response.json()["code"])
            expected[case] = (status, code or "invalid")
    assert differences(found, expected) == {}
    assert snapshot() == before


# What is asked for, the parameter that is wrong, and what is said of it.
NUMBER = "must be a number with at most 3 decimal places, such as 12.50"
FLAG = "must be true or false"
CHOICE = "must be one of the values that the documentation lists"
TWICE = "must not be given twice"
NOTHING = "must not be empty"
UNKNOWN = "has a parameter that this address does not know"
LIMIT = "must be a whole number from 1 to 2147483647"
OFFSET = "must be a whole number from 0 to 2147483647"
TOO_LONG = "Ensure this value has at most {} characters (it has {})."
QUERIES: list[tuple[str, str, str]] = [
    ("/products?limit=0", "limit", LIMIT),
    ("/products?limit=-1", "limit", LIMIT),
    ("/products?limit=", "limit", LIMIT),
    ("/products?limit=ten", "limit", LIMIT),
    ("/products?limit=1.5", "limit", LIMIT),
    ("/products?limit=%D9%A3", "limit", LIMIT),
    (f"/products?limit={2**31}", "limit", LIMIT),
    (f"/products?limit={'9' * 5000}", "limit", LIMIT),
    ("/products?offset=-1", "offset", OFFSET),
    (f"/products?offset={2**31}", "offset", OFFSET),
    ("/products?q=%00", "q", NO_NUL),
    (f"/products?q={'x' * 101}", "q", TOO_LONG.format(100, 101)),
    ("/products?category=a%00", "category", NO_NUL),
    (f"/products?category={'x' * 81}", "category", TOO_LONG.format(80, 81)),
    ("/products?currency=EURO", "currency", TOO_LONG.format(3, 4)),
    ("/products?min_price=x", "min_price", NUMBER),
    ("/products?min_price=-1", "min_price", NUMBER),
    ("/products?min_price=1e3", "min_price", NUMBER),
    ("/products?min_price=1.2345", "min_price", NUMBER),
    ("/products?min_price=NaN", "min_price", NUMBER),
    ("/products?min_price=100000000000", "min_price", NUMBER),
    ("/products?max_price=", "max_price", NOTHING),
    ("/products?max_price=1%0A", "max_price", NUMBER),
    ("/products?max_price=%00", "max_price", NUMBER),
    ("/products?in_stock=1", "in_stock", FLAG),
    ("/products?in_stock=True", "in_stock", FLAG),
    ("/products?in_stock=", "in_stock", NOTHING),
    ("/products?active=yes", "active", FLAG),
    ("/products?ordering=stock", "ordering", CHOICE),
    ("/products?ordering=-id", "ordering", CHOICE),
    ("/products?ordering=", "ordering", NOTHING),
    ("/products?q=a&q=b", "q", TWICE),
    ("/products?limit=1&limit=1", "limit", TWICE),
    ("/products?colour=blue", "", UNKNOWN),
    ("/products?Q=mug", "", UNKNOWN),
    ("/products?page=2", "", UNKNOWN),
    ("/categories?q=x", "", UNKNOWN),
    ("/categories?limit=0", "limit", LIMIT),
    ("/orders?status=open", "status", CHOICE),
    ("/orders?status=PAID", "status", CHOICE),
    ("/orders?status=", "status", NOTHING),
    ("/orders?status=paid&status=paid", "status", TWICE),
    ("/orders?ordering=number", "ordering", CHOICE),
    ("/orders?customer=1", "", UNKNOWN),
    ("/orders?offset=x", "offset", OFFSET),
]


def test_a_list_is_asked_for_by_what_is_documented_and_nothing_else() -> None:
    anna, number = scene()
    found = {query: send(anna, f"GET {query}", number, None) for query, _, _ in QUERIES}
    expected = {query: (400, [(field, message)]) for query, field, message in QUERIES}
    assert differences(found, expected) == {}


@pytest.mark.parametrize("text", ["%FF", "%ED%A0%80", "%C0%AF"])
def test_bytes_that_are_not_utf8_name_nothing(text: str) -> None:
    anna, _ = scene()
    for query in ("q", "category"):
        assert anna.get(f"/products?{query}={text}").json() == {"count": 0, "results": []}
    for path in ("/products/", "/categories/", "/orders/"):
        assert anna.get(path + text).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/products/a/b", "/products/", "/cart/", "/orders//cancel", "//cart", "/Cart", ""],
)
def test_an_unknown_address_is_not_found(path: str) -> None:
    anna, _ = scene()
    before = snapshot()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        response = anna.request(method, path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert snapshot() == before


# An address, and the methods it knows.
METHODS = {
    "/categories": {"GET", "POST"},
    "/categories/kitchen": {"GET", "PATCH", "DELETE"},
    "/products": {"GET", "POST"},
    "/products/mug-01": {"GET", "PATCH"},
    "/products/mug-01/stock": {"POST"},
    "/cart": {"GET", "DELETE"},
    "/cart/lines": {"POST"},
    "/cart/lines/MUG-01": {"PUT", "DELETE"},
    "/orders": {"GET", "POST"},
    "/orders/{order}": {"GET"},
    "/orders/{order}/payment": {"POST"},
    "/orders/{order}/cancel": {"POST"},
    "/orders/{order}/ship": {"POST"},
    "/orders/{order}/deliver": {"POST"},
    "/orders/{order}/refund": {"POST"},
    "/payments/webhook": {"POST"},
}


def test_a_wrong_method_is_told_the_right_ones() -> None:
    anna, number = scene()
    before = snapshot()
    allowed = {}
    for path, methods in METHODS.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - methods:
            response = anna.request(method, path.format(order=number))
            assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
            allowed[path] = set(response.headers["allow"].split(", ")) - {"HEAD", "OPTIONS"}
    assert differences(allowed, METHODS) == {}
    assert snapshot() == before
