"""A public-key infrastructure for tests: authority, intermediate, signatories, time stamps, revocation, over HTTP."""

import tempfile
import threading
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import yaml
from asn1crypto.pem import armor
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry import ArchLabel, CertLabel, CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.serving import WSGIRequestHandler, make_server

PASSPHRASE = "kata sandi rahasia"

# Signatories, with the days from now from which and until which their certificates are valid.
SIGNATORIES = {
    "head": (-365, 365),
    "secretary": (-365, 20),
    "expired": (-800, -30),
    "early": (30, 700),
    "revoked": (-365, 365),
}

_ARCHITECTURE = ArchLabel("test")


class _Quiet(WSGIRequestHandler):
    def log(self, *_args):
        """Say nothing in the log of the tests."""


class Infrastructure:
    """root → intermediate → signatories; a time-stamp authority below the root. Close it when done."""

    def __init__(self):
        # the addresses stand in the certificates, so the port comes first
        self._server = make_server("127.0.0.1", 0, None, threaded=True, request_handler=_Quiet)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        with tempfile.TemporaryDirectory() as folder:
            for name in self._keys:
                key = rsa.generate_private_key(65537, 2048)
                (Path(folder) / f"{name}.pem").write_bytes(
                    key.private_bytes(
                        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                    )
                )
            config = CertomancerConfig.from_yaml(yaml.safe_dump(self._config(), sort_keys=False), key_search_dir=folder)
            self._architecture = config.get_pki_arch(_ARCHITECTURE)
            # read while the folder is there
            self.files = {
                name: self._architecture.package_pkcs12(CertLabel(name), password=PASSPHRASE.encode())
                for name in SIGNATORIES
            }
        self._server.app = Animator(AnimatorArchStore({_ARCHITECTURE: self._architecture}), with_web_ui=False)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        """Stop the services."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def authority(self):
        """The address of the time-stamp authority."""
        return f"{self.address}/test/tsa/tsa"

    @cached_property
    def root(self):
        """The root certificate in PEM."""
        return armor("CERTIFICATE", self._architecture.get_cert(CertLabel("root")).dump()).decode()

    _keys = ("root", "intermediate", "tsa", "ocsp", *SIGNATORIES)

    def _config(self):
        now = datetime.now(UTC).replace(microsecond=0)

        def usage(*names):
            return {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": [*names]}}

        def purpose(name):
            return {"id": "extended_key_usage", "critical": True, "value": [name]}

        def revocation(repository):
            return {
                "id": "crl_distribution_points",
                "smart-value": {"schema": "crl-dist-url", "params": {"crl-repo-names": [repository]}},
            }

        def certificate(name, issuer, extensions, days=(-900, 3000), **more):
            begin, end = (str((now + timedelta(days=day)).isoformat()) for day in days)
            return {
                "subject": name,
                "issuer": issuer,
                "validity": {"valid-from": begin, "valid-to": end},
                "extensions": extensions,
                **more,
            }

        issuing = [
            {"id": "basic_constraints", "critical": True, "value": {"ca": True}},
            usage("key_cert_sign", "crl_sign"),
        ]
        asking = {
            "id": "authority_information_access",
            "smart-value": {
                "schema": "aia-urls",
                "params": {"ocsp-responder-names": ["intermediate"], "ca-issuer-links": [{"repo": "intermediate"}]},
            },
        }
        certificates = {
            "root": certificate("root", "root", issuing),
            "intermediate": certificate("intermediate", "root", [*issuing, revocation("root")]),
            "tsa": certificate(
                "tsa", "root", [usage("digital_signature"), purpose("time_stamping"), revocation("root")]
            ),
            "ocsp": certificate(
                "ocsp", "intermediate", [usage("digital_signature"), purpose("ocsp_signing"), {"id": "ocsp_no_check"}]
            ),
        }
        for name, days in SIGNATORIES.items():
            more = {}
            if name == "revoked":
                since = (now - timedelta(days=10)).isoformat()
                more = {"revocation": {"revoked-since": str(since), "reason": "key_compromise"}}
            certificates[name] = certificate(
                name,
                "intermediate",
                [usage("digital_signature", "non_repudiation"), revocation("intermediate"), asking],
                days,
                **more,
            )
        lists = {
            name: {"for-issuer": name, "signing-key": name, "simulated-update-schedule": "P30D"}
            for name in ("root", "intermediate")
        }
        return {
            "external-url-prefix": self.address,
            "keysets": {"keys": {"path-prefix": "", "keys": {name: {"path": f"{name}.pem"} for name in self._keys}}},
            "pki-architectures": {
                "test": {
                    "keyset": "keys",
                    "entity-defaults": {"country-name": "ID", "organization-name": "Test"},
                    "entities": {name: {"common-name": f"Test {name}"} for name in self._keys},
                    "certs": certificates,
                    "services": {
                        "ocsp": {
                            "intermediate": {
                                "for-issuer": "intermediate",
                                "responder-cert": "ocsp",
                                "signing-key": "ocsp",
                            }
                        },
                        "crl-repo": lists,
                        "cert-repo": {"root": {"for-issuer": "root"}, "intermediate": {"for-issuer": "intermediate"}},
                        "time-stamping": {"tsa": {"signing-key": "tsa", "signing-cert": "tsa"}},
                    },
                }
            },
        }
