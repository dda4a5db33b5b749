"""``known=YYYY-MM-DD``: the day as known on which a request is answered."""

from datetime import date
from typing import Final, cast

from flask import Response, g, request

from dealgraph.errors import BadInput
from dealgraph.releases.views import read_known

NAME: Final = "known"
HEADER: Final = "Dealgraph-Known"


def note_known(text: str | None) -> None:
    """The day that the body of a request names; one in the address need not be noted.

    :raises BadInput: when it is no day.
    """
    if text is not None:
        g.known = read_known(text)


def known_asked() -> date | None:
    """The day that this request names, None where it names none.

    :raises BadInput: when it is no day, or there are two.
    """
    if NAME not in g:
        given = [text for text in request.args.getlist(NAME) if text]
        if len(given) > 1:
            raise BadInput("There is more than one known.", "Give one day.")
        g.known = read_known(given[0]) if given else None
    return cast("date | None", g.known)


def known_shown() -> date | None:
    """The day that pages show and their links keep; None where none is named, or what is no day:
    the page of that error has links, too."""
    try:
        return known_asked()
    except BadInput:
        return None


def tell_known(response: Response) -> Response:
    """Says in the answer as known on which day it is."""
    day = g.get(NAME)
    if day is not None:
        response.headers[HEADER] = day.isoformat()
    return response
