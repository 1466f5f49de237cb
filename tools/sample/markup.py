"""Writes data files: records in order, four spaces, lines of at most 120 characters."""

from typing import NamedTuple
from xml.sax.saxutils import escape

WIDTH = 120
HEAD = '<?xml version="1.0" encoding="UTF-8" ?>'


class Ref(NamedTuple):
    """The record of an XML id."""

    xmlid: str


class Eval(NamedTuple):
    """An expression; with a *model*, `obj` in it browses that model."""

    expression: str
    model: str = ""


class File(NamedTuple):
    """The content of a file of the addon."""

    path: str


def refs(xmlids):
    """Return the expression that sets a relation to these records."""
    return Eval(f"[Command.set([{', '.join(f'ref({xmlid!r})' for xmlid in xmlids)}])]")


class Document:
    """One data file in the making."""

    def __init__(self, *about):
        self._lines = [HEAD, '<odoo noupdate="1">', *self._comment(about)]

    def note(self, *about):
        """Add a comment of some lines."""
        self._lines += self._comment(about)

    def record(self, xmlid, model, values, **attributes):
        """Add a record.

        :param dict values: field to text, number, truth value, :class:`Ref`, :class:`Eval` or :class:`File`
        """
        self._lines.append(f"    <record{_attributes({'id': xmlid, 'model': model, **attributes})}>")
        for name, value in values.items():
            self._lines += self._field({"name": name}, value)
        self._lines.append("    </record>")

    def function(self, model, name, *values, **attributes):
        """Add a call of a method.

        :param values: its arguments: the attributes of each ``value`` element
        """
        self._lines.append(f"    <function{_attributes({'model': model, 'name': name, **attributes})}>")
        for value in values:
            self._lines += _element("value", value)
        self._lines.append("    </function>")

    def write(self, model, xmlid, values):
        """Add a change of a record that stands above.

        :param dict values: field to expression
        """
        inner = ", ".join(f"{name!r}: {expression}" for name, expression in values.items())
        self.function(model, "write", {"eval": f"[ref({xmlid!r})]"}, {"eval": f"{{{inner}}}"})

    def __str__(self):
        return "\n".join([*self._lines, "</odoo>", ""])

    @staticmethod
    def _comment(about):
        if len(about) < 2:
            return [f"    <!-- {line} -->" for line in about]
        return ["    <!--", *(f"    {line}" for line in about), "    -->"]

    @staticmethod
    def _field(attributes, value):
        match value:
            case Ref(xmlid):
                return _element("field", {**attributes, "ref": xmlid})
            case Eval(expression, model):
                return _element("field", {**attributes, **({"model": model} if model else {}), "eval": expression})
            case File(path):
                return _element("field", {**attributes, "type": "base64", "file": path})
            case str():
                line = f"        <field{_attributes(attributes)}>"
                if len(line) + len(value) + len("</field>") <= WIDTH or "\n" in value:
                    return [f"{line}{escape(value)}</field>"]
                # the ends of a text are not for blanks: a long one stays on its own line
                return [
                    "        <field",
                    f'            name="{attributes["name"]}"',
                    f"        >{escape(value)}</field>",
                ]
            case _:
                return _element("field", {**attributes, "eval": repr(value)})


def _attributes(attributes):
    return "".join(f' {name}="{escape(value, {chr(34): "&quot;"})}"' for name, value in attributes.items())


def _element(tag, attributes):
    """Return the lines of an empty element, one attribute a line where they do not fit on one."""
    line = f"        <{tag}{_attributes(attributes)}/>"
    if len(line) <= WIDTH:
        return [line]
    return [f"        <{tag}", *(f"           {_attributes({k: v})}" for k, v in attributes.items()), "        />"]
