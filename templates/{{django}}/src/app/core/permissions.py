"""Rights, as routes ask for them."""

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from app.accounts.rights import may


def writers(**rights: str) -> type[BasePermission]:
    """Make a permission class: everybody reads, and who writes needs a right.

    Whose right is missing gets 403, and 401 if it is not even known who it is.

    Args:
        **rights: The Django permission that each method asks for: `POST="catalogue.add_product"`.
    """

    class Writers(BasePermission):
        """Lets pass who has the right that the method asks for."""

        everybody_reads = True

        def has_permission(self, request: Request, view: APIView) -> bool:
            """Whether who asks may do so."""
            method = request.method or ""
            if method in SAFE_METHODS or not hasattr(view, method.lower()):
                return True  # what the view does not know is a 405, whoever asks
            # A method that it knows, and that nobody thought of, is nobody's.
            right = rights.get(method)
            return right is not None and may(request.user, right)

    return Writers
