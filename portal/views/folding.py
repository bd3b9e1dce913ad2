"""Templates with the words of one language already in them: a page asks no catalogue for the sentences that stand in it as they are."""

from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, _escape_inner

_PLAIN = (FunctionType, MethodType, BuiltinFunctionType, type)


def _escaped(what: Any) -> str:
    """MarkupSafe's escape for what is written out and never asked again whether it is safe: without the object that says so."""
    if type(what) is str:
        return _escape_inner(what)
    return what.__html__() if hasattr(what, "__html__") else _escape_inner(str(what))


class _Folding(NodeTransformer):
    """Puts what `_("…")` and `pgettext("…", "…")` say into the template, once and for all; with their values where they have some."""

    def __init__(self, catalogue: Any, is_escaped: bool) -> None:
        self._said = {"_": catalogue.gettext, "pgettext": catalogue.pgettext}
        self._text: Callable[[str], str] = Markup if is_escaped else str

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        name = node.node.name if isinstance(node.node, nodes.Name) else ""
        if name not in self._said or node.dyn_args or node.dyn_kwargs or not all(isinstance(each, nodes.Const) for each in node.args):
            return node
        said = self._text(self._said[name](*(each.value for each in node.args if isinstance(each, nodes.Const))))
        if not node.kwargs:
            return nodes.Const(said % {}, lineno=node.lineno)
        facts = [nodes.Pair(nodes.Const(each.key), each.value, lineno=node.lineno) for each in node.kwargs]
        return nodes.Mod(nodes.Const(said), nodes.Dict(facts), lineno=node.lineno)


class _Compiler(CodeGenerator):
    """Folds each template before it becomes code."""

    environment: "Folded"

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: N802
        if self.environment.catalogue is not None:
            is_escaped = self.environment.autoescape
            node = _Folding(self.environment.catalogue, is_escaped(self.name) if callable(is_escaped) else is_escaped).visit(node)
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if not frame.eval_ctx.autoescape or frame.eval_ctx.volatile or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")


class _Page(Context):
    """Calls what is no more than a function without asking whether it might be: a page calls hundreds."""

    def call(__self, __called: Any, *args: Any, **facts: Any) -> Any:  # noqa: N805 — as Jinja names them: any other name may be a fact's
        is_macro = type(__called) is Macro
        if not is_macro and (not isinstance(__called, _PLAIN) or hasattr(__called, "jinja_pass_arg")):
            return super().call(__called, *args, **facts)
        facts.pop("_loop_vars", None)
        facts.pop("_block_vars", None)
        return __called(__self.eval_ctx, *args, **facts) if is_macro else __called(*args, **facts)


class Folded(Environment):
    """Jinja's environment with a compiled form of each template for each language, chosen where a template is taken out."""

    code_generator_class = _Compiler
    context_class = _Page
    escaped = staticmethod(_escaped)
    catalogue: Any = None  # of the one language that this environment's templates are in
    _catalogues: Mapping[str, Any]
    _speaking: Callable[[], str] | None = None
    _tongues: dict[str, "Folded"]

    def speak(self, catalogues: Mapping[str, Any], speaking: Callable[[], str]) -> None:
        """From now on templates are those of the language that `speaking` answers."""
        self._catalogues, self._speaking, self._tongues = catalogues, speaking, {}

    def overlay(self, *args: Any, **options: Any) -> Any:
        made = super().overlay(*args, **options)
        made._tongues = {}
        return made

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> Template:
        if self._speaking is None or self.catalogue is not None:
            return super().get_template(name, parent, globals)
        code = self._speaking()
        spoken = self._tongues.get(code)
        if spoken is None:
            spoken = self.overlay()
            spoken.catalogue = self._catalogues[code]
            self._tongues[code] = spoken
        return spoken.get_template(name, parent, globals)
