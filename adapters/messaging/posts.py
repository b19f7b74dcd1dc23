"""A place for the one message that answers a request; adapters' `sending` modules have them."""

from typing import Protocol, TypeVar

View_contra = TypeVar("View_contra", contravariant=True)


class Post(Protocol[View_contra]):
    """A place for the one message that answers a request: shown once, edited from then on.

    ``detour`` is the platform's word for why the message stands elsewhere than where it was asked
    for; None while it does not.
    """

    detour: str | None

    async def open(self) -> bool:
        """Acknowledge the request; False when another has answered it already."""

    async def show(self, view: View_contra) -> str:
        """Post a message, or replace what was posted; returns its id.

        Raises:
            DeliveryError: It could not be brought to the asker at all.
        """

    async def stand_down(self) -> None:
        """Leave it at an answer that the request got before."""
