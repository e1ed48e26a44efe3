"""All models, for whoever needs the whole schema: migrations and tests."""

from app.articles.models import Article, ArticleTag, Favorite
from app.comments.models import Comment
from app.core.models import Base
from app.profiles.models import Follow
from app.users.models import User

__all__ = ["Article", "ArticleTag", "Base", "Comment", "Favorite", "Follow", "User"]
