"""The envelope in which a letter travels to another E-Surat server: XML after ``envelope.xsd``, signed with XAdES.

It names the SHA-256 of each file; the files travel beside it. The receiver knows the certificate of each sender
beforehand and believes nothing that this certificate has not signed.
"""

import hashlib
import hmac
import unicodedata
from base64 import b64decode
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

LIMIT = 128 * 1024  # bytes of an envelope; the longest that the schema allows is shorter
MOST_NAMESPACES = 8

_E = "{urn:esurat:envelope:1}"
_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
_INCLUSIVE = ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11")

# In the order of the schema; a pair is an element with its children.
_LAYOUT = (
    "uuid",
    "sent",
    ("from", ("code", "name", "server")),
    ("to", ("code", "name")),
    (
        "letter",
        (
            "number",
            "date",
            "subject",
            ("type", ("code", "name")),
            "urgency",
            "security",
            "classification",
            "summary",
            "reply_to",
            ("signatory", ("name", "position")),
            "verification",
        ),
    ),
)
_FILE = ("name", "mimetype", "size", "sha256", "role")


class EnvelopeError(Exception):
    """An envelope that is refused; ``reason`` is a stable code, its text is for the log."""

    def __init__(self, reason, detail=""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


def make_certificate(host, organisation, days=1095, start=None):
    """Make the key of a server and a certificate of its own, which the other side is given once.

    :param str host: name of the server
    :param str organisation: name of the agency
    :param int days: for how long
    :param datetime start: aware; the present by default
    :return: ``(key, certificate)`` in PEM (str)
    """
    key = ec.generate_private_key(ec.SECP256R1())
    start = start or datetime.now(UTC) - timedelta(minutes=5)
    # X.509 ends names at 64 characters
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, host[:64]),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def check_certificate(pem):
    """Make sure that a certificate can be read.

    :param str pem: in PEM
    :raises ValueError: where it cannot
    """
    x509.load_pem_x509_certificate(pem.encode())


def describe(name, content, mimetype, role):
    """Return how a file stands in an envelope.

    :param bytes content: the file
    :param str role: ``letter`` or ``annex``
    """
    return {
        "name": name,
        "mimetype": mimetype,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "role": role,
    }


def build(values, files):
    """Return an envelope that is not signed yet.

    :param dict values: nested as the schema has it; what is empty is left out
    :param list files: of :func:`describe`
    :return: XML (bytes)
    :raises EnvelopeError: ``value`` or ``schema``, where the schema does not allow it
    """
    root = etree.Element(f"{_E}envelope", nsmap={None: _E[1:-1]})
    _append(root, _LAYOUT, values)
    parent = etree.SubElement(root, f"{_E}files")
    for file in files:
        _append(etree.SubElement(parent, f"{_E}file"), _FILE, file)
    _validate(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def sign(xml, key, certificate):
    """Sign an envelope; these bytes are final.

    :param bytes xml: of :func:`build`
    :param str key: in PEM, as is *certificate*
    :return: XML (bytes)
    """
    from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
    from signxml.xades import XAdESDataObjectFormat, XAdESSigner

    signer = XAdESSigner(
        signature_algorithm=SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        # inclusive: two of its references carry no transforms, for which this is the standard's default
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
        data_object_format=XAdESDataObjectFormat(Description="esurat envelope", MimeType="application/xml"),
    )
    signed = signer.sign(
        etree.fromstring(xml, _parser()),
        key=serialization.load_pem_private_key(key.encode(), None),
        cert=[x509.load_pem_x509_certificate(certificate.encode())],
        always_add_key_value=False,
    )
    _validate(signed)
    return etree.tostring(signed, encoding="UTF-8", xml_declaration=True)


def read(data, trusted):
    """Read an envelope of a sender who is known.

    :param bytes data: whatever came
    :param list trusted: certificates (PEM, str) of the senders that are known
    :return: ``(values, certificate)``: what the signature covers, nested as in :func:`build`, with ``files``; and the
        one of *trusted* that has signed it
    :raises EnvelopeError: where anything is not as it should be
    """
    root = _parse(data)
    signature = _only_signature(root)
    _validate(root)
    _check_form(signature)
    pem, certificate = _known(signature, trusted)
    covered = _verify(root, certificate)
    # from here on only what the signature covers is looked at
    _validate(covered)
    if covered.find(f"{_DS}Signature") is not None:
        raise EnvelopeError("form", "a signature within what is signed")
    return _values(covered), pem


def check_files(values, files):
    """Make sure that these are the files that an envelope names.

    :param dict values: of :func:`read`
    :param dict files: ``{name: bytes}``
    :raises EnvelopeError: ``file_missing``, ``file_extra`` or ``file_digest``
    """
    listed = {file["name"]: file for file in values["files"]}
    if set(listed) - set(files):
        raise EnvelopeError("file_missing")
    if set(files) - set(listed):
        raise EnvelopeError("file_extra")
    for name, file in listed.items():
        digest = hashlib.sha256(files[name]).hexdigest()
        if len(files[name]) != file["size"] or not hmac.compare_digest(digest, file["sha256"]):
            raise EnvelopeError("file_digest", name)


def _append(parent, layout, values):
    for field in layout:
        name, children = (field, None) if isinstance(field, str) else field
        value = values.get(name)
        if value in (None, "", False) or value == {}:
            continue
        element = etree.SubElement(parent, f"{_E}{name}")
        if children:
            _append(element, children, value)
            continue
        try:
            element.text = _text(value)
        except ValueError as error:
            # a control character, which XML cannot carry
            raise EnvelopeError("value", name) from error


def _text(value):
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return unicodedata.normalize("NFC", str(value).replace("\r\n", "\n").replace("\r", "\n").strip())


def _parser():
    # a fresh one each time: parsers are not for sharing between threads
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
    )


def _validate(root):
    schema = etree.XMLSchema(etree.parse(Path(__file__).with_name("envelope.xsd"), _parser()))
    if root.tag != f"{_E}envelope" or not schema.validate(root):
        raise EnvelopeError("schema", str(schema.error_log[0]) if schema.error_log else root.tag)


def _parse(data):
    if len(data) > LIMIT:
        raise EnvelopeError("size")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EnvelopeError("encoding") from error
    # "<!" opens DOCTYPE, ENTITY, comment and CDATA, "<?" an instruction: an envelope has none of them
    if b"<!" in data or data.find(b"<?", 1) != -1:
        raise EnvelopeError("markup")
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise EnvelopeError("xml") from error
    # canonicalization takes quadratic time in them, and runs before the key is checked
    if any(len(element.nsmap) > MOST_NAMESPACES for element in root.iter()):
        raise EnvelopeError("markup", "namespaces")
    return root


def _only_signature(root):
    found = list(root.iter(f"{_DS}Signature"))
    if len(found) != 1:
        raise EnvelopeError("signature_count", str(len(found)))
    if root[-1] is not found[0]:
        raise EnvelopeError("form", "signature misplaced")
    return found[0]


def _check_form(signature):
    """Refuse, before any cryptography, a signature of another form than :func:`sign` gives it.

    The library alone would take one that covers a part, a weak digest of the certificate, or comments within fields.
    """
    from signxml import DigestAlgorithm, SignatureMethod

    def tags(element):
        return [one.tag for one in element]

    if tags(signature) != [f"{_DS}SignedInfo", f"{_DS}SignatureValue", f"{_DS}KeyInfo", f"{_DS}Object"]:
        raise EnvelopeError("form", "parts of the signature")
    info, _value, key_info, holder = signature
    plain = ("Reference", "DigestMethod", "DigestValue")
    first = ("Reference", "Transforms", "Transform", "Transform", "DigestMethod", "DigestValue")
    wanted = ("CanonicalizationMethod", "SignatureMethod", *first, *plain, *plain)
    if tags(info.iterdescendants()) != [_DS + tag for tag in wanted]:
        raise EnvelopeError("form", "SignedInfo")
    if info[1].get("Algorithm") != SignatureMethod.ECDSA_SHA256.value or info[0].get("Algorithm") not in _INCLUSIVE:
        raise EnvelopeError("algorithm")
    # each digest, that of the certificate among the signed properties too
    if any(one.get("Algorithm") != DigestAlgorithm.SHA256.value for one in signature.iter(f"{_DS}DigestMethod")):
        raise EnvelopeError("algorithm", "digest")
    if tags(key_info.iterdescendants()) != [f"{_DS}X509Data", f"{_DS}X509Certificate"]:
        raise EnvelopeError("form", "KeyInfo")
    if len(holder) != 1 or holder[0].tag != f"{_XADES}QualifyingProperties" or len(holder[0]) != 1:
        raise EnvelopeError("form", "Object")
    properties = holder[0][0]
    if properties.tag != f"{_XADES}SignedProperties" or holder[0].get("Target") != f"#{signature.get('Id')}":
        raise EnvelopeError("form", "SignedProperties")
    references = info[2:]
    if [one.get("URI") for one in references] != ["", f"#{properties.get('Id')}", f"#{key_info.get('Id')}"]:
        raise EnvelopeError("form", "references")
    transforms = [one.get("Algorithm") for one in references[0].iter(f"{_DS}Transform")]
    if transforms[0] != "http://www.w3.org/2000/09/xmldsig#enveloped-signature" or transforms[1] not in _INCLUSIVE:
        raise EnvelopeError("form", "transforms")


def _known(signature, trusted):
    """Return the certificate of *trusted* that the signature names, in PEM and loaded; its own copy is not believed."""
    try:
        named = b64decode(signature.findtext(f".//{_DS}X509Certificate") or "")
    except ValueError as error:
        raise EnvelopeError("certificate_unknown") from error
    for pem in trusted:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        if hmac.compare_digest(certificate.public_bytes(serialization.Encoding.DER), named):
            return pem, certificate
    raise EnvelopeError("certificate_unknown")


def _verify(root, certificate):
    """Return the element that the signature covers, once it is proven."""
    from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
    from signxml.exceptions import InvalidCertificate
    from signxml.xades import XAdESSignatureConfiguration, XAdESVerifier

    config = XAdESSignatureConfiguration(
        require_x509=True,
        location="./",
        expect_references=3,
        signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        default_reference_c14n_method=CanonicalizationMethod.CANONICAL_XML_1_0,
    )
    try:
        results = XAdESVerifier().verify(root, x509_cert=certificate, expect_config=config, parser=_parser())
    except InvalidCertificate as error:
        raise EnvelopeError("certificate_date") from error
    except Exception as error:  # besides its own errors the library lets others through
        raise EnvelopeError("signature") from error
    return results[0].signed_xml


def _values(root):
    def fields(parent, layout):
        found = {}
        for field in layout:
            name, children = (field, None) if isinstance(field, str) else field
            child = parent.find(f"{_E}{name}")
            if children:
                found[name] = fields(child, children) if child is not None else {}
            else:
                found[name] = (child.text or "").strip() if child is not None else ""
        return found

    values = fields(root, _LAYOUT)
    try:
        values["letter"]["date"] = date.fromisoformat(values["letter"]["date"])
    except ValueError as error:
        raise EnvelopeError("value", "date") from error
    values["files"] = [fields(one, _FILE) for one in root.find(f"{_E}files")]
    for file in values["files"]:
        file["size"] = int(file["size"])
    return values
