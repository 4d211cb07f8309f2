"""Resource: the class that declarations derive from, and User, which applications may extend."""

import typing
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Unpack
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from apiwright.core.repositories import new_id
from apiwright.core.validation import DeclarationError, Email, to_wire_name
from apiwright.resources.class_body import refuse_body
from apiwright.resources.fields import Len, Ref, filterable, searchable, sortable, unique
from apiwright.resources.many import ManyRows, take_many

__all__ = ["Options", "Resource", "User", "is_reference"]


@dataclass(frozen=True, slots=True)
class Options:
    """What the keywords of a resource's class say."""

    table: str = ""
    path: str = ""
    soft_delete: bool = False
    require_if_match: bool = False
    under: str = ""

    def require_types(self, where: str) -> None:
        """Raises DeclarationError naming the keyword whose value is of another type."""
        for field in fields(self):
            value = getattr(self, field.name)
            is_flag = field.type is bool
            if not isinstance(value, bool if is_flag else str):
                example = "True" if is_flag else '"posts"'
                raise DeclarationError(
                    f"{where}: {field.name}={value!r} has the wrong type; write it as "
                    f"{field.name}={example}"
                )


def _now() -> datetime:
    return datetime.now(UTC)


class Resource(BaseModel):
    """A kind of rows that clients reach: its fields are columns, members of bodies and answers.

        class Article(Resource, soft_delete=True):
            title: Annotated[str, Len(1, 200), searchable]
            author: Ref[User] = current_user()

    Keywords of the class: `table` (snake_case, by default the name's plural), `path` (what follows
    /api/v1/, by default the same in kebab-case), `soft_delete` (a deleted row is kept, unseen),
    `require_if_match` (who changes or deletes a row says which version, by its ETag) and `under`
    (the reference by which it is also reached, as /users/{id}/articles with under="author").
    Who may do what is said by a class `Rules` inside; what it does not say only admins may.

    Instances are what repositories take and give. What the server sets (`id`, `version` and the
    two times) is provisional until a row is stored.
    """

    model_config = ConfigDict(
        alias_generator=to_wire_name,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        defer_build=True,  # the core validates: pydantic compiles what is used of it
    )

    id: UUID = Field(default_factory=new_id)
    version: int = 1
    created_at: Annotated[datetime, filterable, sortable] = Field(default_factory=_now)
    updated_at: Annotated[datetime, filterable, sortable] = Field(default_factory=_now)

    __options__: ClassVar[Options] = Options()
    __many__: ClassVar[dict[str, ManyRows]] = {}

    def __init_subclass__(
        cls,
        *,
        table: str = "",
        path: str = "",
        soft_delete: bool | None = None,
        require_if_match: bool | None = None,
        under: str = "",
        **config: Unpack[ConfigDict],
    ) -> None:
        for keyword in config:  # pydantic keeps its own
            raise DeclarationError(
                f"{cls.__name__}: there is no keyword {keyword}; a resource's class takes table, "
                "path, soft_delete, require_if_match and under"
            )
        refuse_body(cls)
        cls.__many__ = take_many(cls, cls.__many__)
        super().__init_subclass__()
        inherited = cls.__options__
        cls.__options__ = Options(
            table,
            path,
            inherited.soft_delete if soft_delete is None else soft_delete,
            inherited.require_if_match if require_if_match is None else require_if_match,
            under,
        )
        cls.__options__.require_types(cls.__name__)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        for name, info in cls.model_fields.items():
            if is_reference(info.annotation) and info.alias_priority in (None, 1):
                wire_name = to_wire_name(f"{name}_id")
                info.alias = info.validation_alias = info.serialization_alias = wire_name
                info.alias_priority = 2


def is_reference(hint: Any) -> bool:
    """True for Ref[X] and Ref[X] | None."""
    if typing.get_origin(hint) is Ref or hint is Ref:
        return True
    return any(is_reference(argument) for argument in typing.get_args(hint) if argument is not None)


class User(Resource):
    """Whoever signs in. An application may have users of more fields: `class Member(User): …`.

    Then registration takes those that clients may set, and users may change their own.
    """

    email: Annotated[Email, unique, searchable, filterable, sortable]
    name: Annotated[str, Len(1, 100), searchable, sortable]
    status: Annotated[Literal["active", "inactive"], filterable, sortable] = "active"
    roles: list[str] = Field(default_factory=list)
