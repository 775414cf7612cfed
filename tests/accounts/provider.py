"""A provider of single sign-on on loopback: Authlib's own server, which a test can turn against us."""

import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin
from authlib.oidc.core.grants import OpenIDCode
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "casework", "a secret of the provider"
Twist = Callable[[dict[str, Any], dict[str, Any]], None]


class Client(ClientMixin):  # type: ignore[misc]
    """The one client that the provider knows."""

    def __init__(self, returns_to: str) -> None:
        self.returns_to = returns_to

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.returns_to

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri == self.returns_to

    def check_client_secret(self, secret: str) -> bool:
        return secrets.compare_digest(secret, SECRET)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


class Code(AuthorizationCodeMixin):  # type: ignore[misc]
    """A code that was given out."""

    def __init__(self, code: str, asked: OAuth2Request, user: str) -> None:
        data = asked.payload.data
        self.code, self.user, self.redirect_uri = code, user, asked.payload.redirect_uri
        self.scope, self.nonce, self.auth_time = asked.payload.scope, data.get("nonce"), int(time.time())
        self.is_strong = "mfa" in data.get("acr_values", "").split()  # two factors, where that is asked for
        self.code_challenge = data.get("code_challenge")
        self.code_challenge_method = data.get("code_challenge_method")

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> str | None:
        return None if self.is_strong else "basic"

    def get_amr(self) -> list[str]:
        return ["pwd", "otp", "mfa"] if self.is_strong else ["pwd"]


class Provider(AuthorizationServer):  # type: ignore[misc]
    """Who it says came is `user`; `twist` changes the ID token before it is signed, and `sign` how."""

    def __init__(self, returns_to: str) -> None:
        super().__init__()
        self.user = "subject-1"
        self.twist: Twist | None = None
        self.sign = "RS256"
        self.codes: dict[str, Code] = {}
        self.given: list[str] = []  # all that must not go further than to the server
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.other = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)
        self.client = Client(returns_to)
        self.register_token_generator(
            "default", BearerTokenGenerator(lambda **_asked: secrets.token_urlsafe(16))
        )
        self.register_grant(*_grant(self))
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), _door(self))
        self.issuer = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()

    def query_client(self, client_id: str) -> Client | None:
        return self.client if client_id == CLIENT else None

    def save_token(self, token: Any, request: Any) -> None:
        """Nothing is asked with the access token; a test looks for it all the same."""
        self.given.append(str(token["access_token"]))

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        method, uri, headers, sent = request
        made = _Request(method, uri, headers=headers)
        made.payload = BasicOAuth2Payload({**dict(parse_qsl(urlsplit(uri).query)), **sent})
        made.sent = sent
        return made

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
        return status, body, headers

    def signed(self, claims: dict[str, Any]) -> str:
        """Return the ID token, as the test wants it."""
        header = {"alg": self.sign, "kid": "one"}
        if self.twist:
            self.twist(header, claims)
        if header["alg"] == "none":
            body = jws.serialize_compact(
                {"alg": "HS256"}, json.dumps(claims).encode(), OctKey.import_key("x" * 32)
            )
            return f"{_part(header)}.{body.split('.')[1]}."
        if header["alg"].startswith("HS"):  # the public key, taken for a shared secret
            key: Any = OctKey.import_key(self.key.as_pem(private=False))
        else:
            key = self.other if header.pop("by_other", None) else self.key
        made = str(jwt.encode(header, claims, key, algorithms=[header["alg"]]))
        self.given.append(made.rpartition(".")[2])
        return made


class _Request(OAuth2Request):  # type: ignore[misc]
    sent: dict[str, str]

    @property
    def args(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.uri).query))

    @property
    def form(self) -> dict[str, str]:
        return self.sent


def _part(value: Any) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _grant(provider: "Provider") -> tuple[Any, list[Any]]:
    class Grant(AuthorizationCodeGrant):  # type: ignore[misc]
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
            provider.codes[code] = Code(code, request, request.user)

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.user

    class OpenID(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, _nonce: str, _request: OAuth2Request) -> bool:
            return False

        def encode_id_token(self, _token: Any, request: OAuth2Request) -> str:
            now, code = int(time.time()), request.authorization_code
            return provider.signed({
                "iss": provider.issuer, "aud": CLIENT, "sub": request.user, "iat": now, "exp": now + 300,
                "nonce": code.nonce, "auth_time": code.auth_time, "acr": code.get_acr(), "amr": code.get_amr(),
            })  # fmt: skip

    return Grant, [CodeChallenge(required=True), OpenID(require_nonce=True)]


def _door(provider: "Provider") -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

        def _tell(self, status: int, body: Any, headers: Any = ()) -> None:
            said = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            at = provider.issuer
            if self.path == "/.well-known/openid-configuration":
                self._tell(200, {
                    "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
                    "jwks_uri": f"{at}/keys",
                })  # fmt: skip
            elif self.path == "/keys":
                self._tell(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                asked = provider.create_oauth2_request(("GET", at + self.path, dict(self.headers), {}))
                grant = provider.get_authorization_grant(asked)
                self._tell(
                    *provider.create_authorization_response(asked, grant_user=provider.user, grant=grant)
                )

        def do_POST(self) -> None:
            sent = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self._tell(*provider.create_token_response(
                ("POST", provider.issuer + self.path, dict(self.headers), sent)
            ))  # fmt: skip

    return Door
