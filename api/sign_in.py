"""Signing in to the pages with an API key, which the browser then keeps in a cookie."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.callers import COOKIE, identify
from api.desk import AtDesk
from api.parameters import only_known
from api.problems import Refused
from api.rendering import form, page

router = APIRouter(include_in_schema=False, dependencies=[Depends(only_known)])

Posted = Annotated[dict[str, str], Depends(form)]


@router.get("/sign-in")
def ask(next: str = "/") -> Response:
    return page("sign_in.html", next=own_path(next), refused="")


@router.post("/sign-in")
def sign_in(request: Request, posted: Posted, desk: AtDesk) -> Response:
    key, target = posted.get("key", "").strip(), own_path(posted.get("next", "/"))
    try:
        identify(desk.services, key)
    except Refused as error:
        return page("sign_in.html", 401, next=target, refused=str(error))
    answer = RedirectResponse(target, 303)
    public = desk.services.settings.public_url or str(request.base_url)
    answer.set_cookie(
        COOKIE, key, httponly=True, samesite="strict", secure=public.startswith("https:")
    )
    return answer


@router.post("/sign-out")
def sign_out() -> Response:
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def own_path(target: str) -> str:
    """`target` where it is a path of this server, else the front page. Browsers read \\ as /."""
    plain = target.isprintable() and "\\" not in target
    return target if plain and target.startswith("/") and not target.startswith("//") else "/"
