"""The tests that `esurat/tests` has, read from the source: what must have run for a green result to mean something."""

import ast


def declared(folder):
    """List the tests that the classes of `test_*.py` declare, with those they inherit from classes of the folder.

    :param Path folder: a `tests` folder of an addon
    :return: `file.Class.test_method` for each
    :rtype: set[str]
    """
    files = {path.stem: ast.parse(path.read_text(), str(path)) for path in sorted(folder.glob("*.py"))}
    classes = {stem: {n.name: n for n in tree.body if isinstance(n, ast.ClassDef)} for stem, tree in files.items()}
    everywhere = {name: node for nodes in classes.values() for name, node in nodes.items()}
    found = set()
    for stem, nodes in classes.items():
        if stem.startswith("test_"):
            for name, node in nodes.items():
                methods, is_case = _inherited(node, {**everywhere, **nodes})
                found |= {f"{stem}.{name}.{method}" for method in methods if is_case}
    return found


def _inherited(node, classes):
    """Return the names of a class's tests, and whether it descends from a class of elsewhere, so is no bare mixin."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    methods = {item.name for item in node.body if isinstance(item, kinds) and item.name.startswith("test_")}
    is_case = False
    for base in node.bases:
        known = classes.get(base.id) if isinstance(base, ast.Name) else None
        if known is None or known is node:
            is_case = is_case or not (isinstance(base, ast.Name) and base.id == "object")
        else:
            more, base_is_case = _inherited(known, classes)
            methods |= more
            is_case = is_case or base_is_case
    return methods, is_case
