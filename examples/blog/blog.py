"""A blog: articles that their authors write, and editors look after. Serve it in this folder:

apiwright serve blog:app
"""

from typing import Annotated

from apiwright import Backend, Len, Ref, Resource, Settings, User, current_user, rules, searchable


class Article(Resource):
    """What an author writes. Everybody reads it once it is published."""

    title: Annotated[str, Len(1, 200), searchable]
    body: str
    author: Ref[User] = current_user()  # set by the server, never by the client
    published: bool = False

    class Rules:
        read = rules.field("published") | rules.owner("author") | rules.role("editor")
        create = rules.authenticated()
        update = delete = rules.owner("author") | rules.role("editor")


def make_app(settings: Settings | None = None) -> Backend:
    """The application; tests give it settings of their own."""
    return Backend(settings, resources=[Article], title="Blog")


app = make_app()
